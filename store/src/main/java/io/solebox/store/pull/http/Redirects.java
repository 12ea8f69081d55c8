package io.solebox.store.pull.http;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/** Which redirects may be followed: never to less security, nor from outside into this network. */
public final class Redirects {
  /** Of one request; more is a loop. */
  static final int MOST = 10;

  private Redirects() {}

  /**
   * Where an answer sends its asker.
   *
   * @throws SoleboxException {@code IO_ERROR} where that may not be followed
   */
  public static URI target(URI from, String location) {
    URI target;
    try {
      target = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw refused(from, "to what is no address");
    }
    String scheme = String.valueOf(target.getScheme());
    boolean secure = scheme.equalsIgnoreCase("https");
    if (target.getHost() == null || !(secure || scheme.equalsIgnoreCase("http"))) {
      throw refused(from, "to what is no web address");
    }
    if (!secure && "https".equalsIgnoreCase(from.getScheme())) {
      throw refused(from, "to " + target.getHost() + " without encryption");
    }
    if (!Ask.sameHost(from, target) && isPrivate(target) && !isPrivate(from)) {
      throw refused(from, "to " + target.getHost() + ", a machine of this network");
    }
    return target;
  }

  private static boolean isPrivate(URI uri) {
    try {
      InetAddress address = InetAddress.getByName(uri.getHost());
      byte[] bytes = address.getAddress();
      boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
      return uniqueLocal
          || address.isLoopbackAddress()
          || address.isSiteLocalAddress()
          || address.isLinkLocalAddress()
          || address.isAnyLocalAddress();
    } catch (UnknownHostException e) {
      return false; // the request itself says so
    }
  }

  private static SoleboxException refused(URI from, String where) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        Ask.shown(from),
        "The answer sends the download on " + where + ", which is not followed.",
        "Something between this machine and the source interferes; try from another network, or"
            + " name another source.");
  }
}
