# What all services of the emulator share: listeners, HTTP, TLS, the log, switches, faults, the
# back door. It knows no service.
# SPDX-License-Identifier: MPL-2.0
