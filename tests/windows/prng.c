/* bcryptprimitives.dll: the one function of it that programs of Go call, which wine does not have before
 * version 9.
 * SPDX-License-Identifier: MPL-2.0 */
#include <windows.h>
#include <ntsecapi.h>
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
    return RtlGenRandom(data, (ULONG)length);
}
