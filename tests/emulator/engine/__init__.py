# What all services of the emulator share: listeners, HTTP, TLS, the log, switches, faults, the
# control interface. It knows no service.
# SPDX-License-Identifier: MPL-2.0
