package io.solebox.scout.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** What is taken for an address: of http or https, with a host, without a name and password. */
final class WebAddress {
  private WebAddress() {}

  static Optional<URI> of(String text) {
    try {
      URI uri = new URI(text);
      boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equals(uri.getScheme());
      return web && uri.getHost() != null && uri.getRawUserInfo() == null
          ? Optional.of(uri)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
