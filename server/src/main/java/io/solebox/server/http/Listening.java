package io.solebox.server.http;

import io.solebox.server.tls.Tls;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a server listens, and what it speaks there.
 *
 * @param tls empty where it speaks without encryption
 * @param redirectPort without encryption, for those who are sent on to the other
 * @param proxies whom it believes who calls
 */
public record Listening(
    InetSocketAddress address, Optional<Tls> tls, OptionalInt redirectPort, Proxies proxies) {}
