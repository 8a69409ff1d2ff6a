/* Makes the process with this number crash: a thread in it begins where there is no code.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <windows.h>

int main(int argc, char **argv)
{
    HANDLE process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, argc > 1 ? atoi(argv[1]) : 0);
    HANDLE thread =
        CreateRemoteThread(process, NULL, 0, (LPTHREAD_START_ROUTINE)8, NULL, 0, NULL);
    return thread == NULL;
}
