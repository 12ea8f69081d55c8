package io.solebox.server.web;

import io.solebox.server.http.Exchange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A file that pages use, packed once for all who take it so.
 *
 * @param packed what gzip makes of it; the file itself where its format is packed already
 */
record WebFile(Type type, byte[] packed) {
  /** What browsers are told that it is. */
  enum Type {
    SCRIPT("text/javascript; charset=utf-8", true, "js", "mjs"),
    STYLE("text/css; charset=utf-8", true, "css"),
    PICTURE("image/svg+xml; charset=utf-8", true, "svg"),
    RASTER("image/png", false, "png"),
    FONT("font/woff2", false, "woff2"),
    HTML("text/html; charset=utf-8", true, "html"),
    MANIFEST("application/manifest+json", true, "webmanifest"),
    TEXT("text/plain; charset=utf-8", true, "");

    private final String words;
    private final boolean shrinks;
    private final String[] ends;

    Type(String words, boolean shrinks, String... ends) {
      this.words = words;
      this.shrinks = shrinks;
      this.ends = ends;
    }

    String words() {
      return words;
    }

    /** By the end of a file's name; text for a licence, which has none. */
    static Type of(String name) {
      String end = name.substring(name.lastIndexOf('.') + 1);
      return Arrays.stream(values())
          .filter(type -> Arrays.asList(type.ends).contains(end))
          .findFirst()
          .orElse(TEXT);
    }
  }

  /** The same in as few bytes as gzip knows. */
  static WebFile of(Type type, byte[] bytes) {
    return new WebFile(type, type.shrinks ? pack(bytes) : bytes);
  }

  /** Answers with it; headers of its own are set before. */
  void send(Exchange exchange) {
    if (!type.shrinks) {
      exchange.send(200, type.words, packed);
      return;
    }
    exchange.setHeader("Vary", "Accept-Encoding");
    if (takesGzip(exchange.header("Accept-Encoding"))) {
      exchange.setHeader("Content-Encoding", "gzip");
      exchange.send(200, type.words, packed);
    } else {
      exchange.send(200, type.words, unpack(packed));
    }
  }

  /**
   * Whether a client takes gzip, as RFC 9110 (12.5.3) has it: named, or by {@code *}, and not with
   * a weight of 0.
   */
  static boolean takesGzip(Optional<String> header) {
    Optional<Boolean> star = Optional.empty();
    for (String each : header.orElse("").toLowerCase(Locale.ROOT).split(",")) {
      String[] parts = each.trim().split("\\s*;\\s*");
      boolean wanted = parts.length < 2 || !parts[1].matches("q\\s*=\\s*0(\\.0*)?");
      if (parts[0].equals("gzip")) {
        return wanted;
      }
      if (parts[0].equals("*")) {
        star = Optional.of(wanted);
      }
    }
    return star.orElse(false);
  }

  private static byte[] pack(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (var gzip =
        new GZIPOutputStream(out) {
          {
            def.setLevel(Deflater.BEST_COMPRESSION);
          }
        }) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory is no device
    }
    return out.toByteArray();
  }

  private static byte[] unpack(byte[] packed) {
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return gzip.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
