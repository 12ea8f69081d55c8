package io.solebox.store.pull.http;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.net.URI;
import java.util.Optional;

/** Whether this process may open connections to other machines. */
public sealed interface Network {
  /**
   * It may, to what a person named.
   *
   * @param authority who is trusted beside those whom this Java trusts
   */
  record Open(Proxies proxies, Optional<Authority> authority) implements Network {
    /** Without a proxy. */
    public Open() {
      this(Proxies.NONE);
    }

    public Open(Proxies proxies) {
      this(proxies, Optional.empty());
    }
  }

  /**
   * It may not.
   *
   * @param reason who said so, as in {@code SOLEBOX_OFFLINE is set}
   */
  record Closed(String reason) implements Network {}

  /** The proxy by which an address is reached, where it is by one. */
  default Optional<Proxies.Proxy> proxyFor(URI uri) {
    return switch (this) {
      case Open(Proxies proxies, _) -> proxies.forAddress(uri);
      case Closed _ -> Optional.empty();
    };
  }

  /** Who is trusted beside those whom this Java trusts; empty where nobody was named. */
  default Optional<Authority> trusted() {
    return switch (this) {
      case Open(_, Optional<Authority> authority) -> authority;
      case Closed _ -> Optional.empty();
    };
  }

  /**
   * Refuses before anything of a connection is done, the look-up of its name included.
   *
   * @param place what would be asked, without secrets
   * @throws SoleboxException {@code OFFLINE}
   */
  default void require(String place) {
    switch (this) {
      case Open _ -> {}
      case Closed(String reason) ->
          throw new SoleboxException(
              ErrorCode.OFFLINE,
              place,
              "Connections to other machines are switched off: " + reason + ".",
              "Bring the file on a medium and import it, or ask where connections are"
                  + " switched on.");
    }
  }
}
