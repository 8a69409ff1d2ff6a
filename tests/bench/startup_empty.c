/* What a process costs that does nothing: the floor beside which startup.c puts the provider.
 * Says one line, as a handshake, and stays until it is stopped.
 * SPDX-License-Identifier: MPL-2.0 */
#include <unistd.h>

int main(void)
{
    char byte;
    return write(STDOUT_FILENO, "1|6|unix|/|grpc|\n", 17) != 17 ||
           read(STDIN_FILENO, &byte, 1) < 0;
}
