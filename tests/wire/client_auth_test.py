# Who is served: the owner of the key that the host handed over, and no other client. Each test
# shows the rightful peer before, between and after those that are refused.
# SPDX-License-Identifier: MPL-2.0
import ssl
import tempfile

from client import (HEALTH, SHUTDOWN, UNAVAILABLE, Case, Channel, Identity, check_served, shut_down)


class Peers(Case):
    def open(self):
        host = Identity()
        provider = self.start(host)
        check_served(provider, host)
        return provider, host

    def close(self, provider, host):
        check_served(provider, host)
        shut_down(provider, host)

    def check_refused(self, provider, host, peer, plain=False):
        """With TLS 1.3 a client may think that its handshake succeeded: what counts is that no
        call is answered. Shutdown, because if it were served, the test would notice."""
        channel = Channel(provider, peer, plain)
        for rpc in "GetProviderSchema", "StopProvider", HEALTH, SHUTDOWN:
            self.assertEqual(channel.code(rpc), UNAVAILABLE, rpc)
        channel.close()
        self.assertIsNone(provider.wait(0))
        check_served(provider, host)

    def test_a_client_without_the_key_of_the_host_is_refused(self):
        provider, host = self.open()
        other, other_host = self.open()
        peers = {"no certificate": None, "none once more": None,
                 "another name": Identity("stranger"),
                 "the same name and another key": Identity(),
                 "the certificate of the host without its key": host.forge(),
                 "the key of the host, expired": Identity(begin=-7200, end=-3600,
                                                          key=host.private),
                 "the host of another run": other_host}
        for name, peer in peers.items():
            with self.subTest(name):
                self.check_refused(provider, host, peer)
        self.check_refused(provider, host, None, plain=True)
        self.check_refused(other, other_host, host)
        self.close(provider, host)
        self.close(other, other_host)

    def test_silent_peers_do_not_block_other_connections(self):
        provider, host = self.open()
        silent = [provider.knock() for _ in range(100)]
        for one in silent[::2]:
            one.sendall(b"\x16\x03\x01\x02")  # the head of a TLS record that never comes
        check_served(provider, host)
        for one in silent:
            one.close()
        self.close(provider, host)

    def test_no_ticket_is_issued_since_a_host_connects_once(self):
        provider, host = self.open()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_alpn_protocols(["h2"])
        with tempfile.NamedTemporaryFile() as pair:
            pair.write(host.key + host.certificate)
            pair.flush()
            context.load_cert_chain(pair.name)
        with provider.knock() as raw, context.wrap_socket(raw) as connection:
            connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0")
            self.assertTrue(connection.recv(1))  # behind the tickets, if there are any
            self.assertFalse(connection.session.has_ticket)
        self.close(provider, host)

    def test_an_older_tls_is_refused(self):
        # gRPC 1.51 cannot check a P-521 key under TLS 1.2 (its list of groups is fixed), and 1.1
        # it does not speak.
        provider, host = self.open()
        for version in ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2:
            with self.subTest(version):
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
                context.set_ciphers("ALL:@SECLEVEL=0")
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = version
                with provider.knock() as connection, self.assertRaises(OSError):
                    context.wrap_socket(connection)
                check_served(provider, host)
        self.close(provider, host)
