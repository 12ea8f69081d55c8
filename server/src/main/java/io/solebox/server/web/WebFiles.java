package io.solebox.server.web;

import io.solebox.server.http.Digests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * All files of pages, ours and those of libraries, as they lie beside this class. Their addresses
 * hold a digest of all of them, so that browsers may keep them for good, and never mix those of two
 * versions.
 */
final class WebFiles {
  /** Those of this server. */
  static final WebFiles OURS = new WebFiles();

  /** Where icons lie, each in a file; a page asks for one file with all. */
  private static final String ICONS = "lib/lucide/";

  private static final String LIBRARIES = "lib/";

  /** A worker that runs a library. */
  private static final String COLOURS = "chat/text/colour-worker.js";

  private static final String HIGHLIGHT = "lib/highlightjs/highlight.min.js";

  private static final String SPRITE = "icons.svg";
  private static final int SHOWN_DIGITS = 16;

  private final Map<String, WebFile> packed = new ConcurrentHashMap<>();

  private WebFiles() {}

  /** Found on first need, since most programs that start a server show no page. */
  private static final class Listing {
    static final TreeSet<String> NAMES = new TreeSet<>();
    static final String DIGEST;

    static {
      MessageDigest digest = Digests.sha256();
      each(
          (name, bytes) -> {
            NAMES.add(name);
            digest.update((name + "\n" + bytes.length + "\n").getBytes(StandardCharsets.UTF_8));
            digest.update(bytes);
          });
      NAMES.add(SPRITE);
      DIGEST = HexFormat.of().formatHex(digest.digest()).substring(0, SHOWN_DIGITS);
    }
  }

  /** A digest of all of them, as it stands in addresses. */
  String digest() {
    return Listing.DIGEST;
  }

  /**
   * @param name as in {@code chat/main.js}
   * @return empty where there is none
   */
  Optional<WebFile> find(String name) {
    if (!Listing.NAMES.contains(name)) {
      return Optional.empty();
    }
    return Optional.of(packed.computeIfAbsent(name, n -> WebFile.of(WebFile.Type.of(n), bytes(n))));
  }

  private static byte[] bytes(String name) {
    if (name.equals(SPRITE)) {
      return sprite();
    }
    if (name.equals(COLOURS)) {
      return withLibrary(name, HIGHLIGHT);
    }
    byte[] bytes = WebPage.resource(name);
    if (name.startsWith(LIBRARIES)) {
      return bytes;
    }
    return switch (WebFile.Type.of(name)) {
      case SCRIPT -> Comments.ofScript(bytes);
      case STYLE -> Comments.ofStyle(bytes);
      case PICTURE, RASTER, FONT, HTML, MANIFEST, TEXT -> bytes;
    };
  }

  /** A worker in one file with what it runs: it may load nothing. */
  private static byte[] withLibrary(String worker, String library) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(WebPage.resource(library));
    out.write('\n');
    out.writeBytes(Comments.ofScript(WebPage.resource(worker)));
    return out.toByteArray();
  }

  /** One picture with all icons as symbols, each under the name of its file. */
  private static byte[] sprite() {
    var out = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\">");
    for (String name : Listing.NAMES.tailSet(ICONS)) {
      if (!name.startsWith(ICONS)) {
        break;
      }
      if (name.endsWith(".svg")) {
        String file = new String(WebPage.resource(name), StandardCharsets.UTF_8);
        String drawing =
            file.substring(file.indexOf('>', file.indexOf("<svg")) + 1, file.lastIndexOf("</svg>"));
        out.append("<symbol id=\"")
            .append(name, ICONS.length(), name.length() - ".svg".length())
            .append("\" viewBox=\"0 0 24 24\">")
            .append(drawing.replaceAll("\\s*\\n\\s*", ""))
            .append("</symbol>");
      }
    }
    return out.append("</svg>").toString().getBytes(StandardCharsets.UTF_8);
  }

  private interface Visitor {
    void visit(String name, byte[] bytes) throws IOException;
  }

  /** Visits them in the order of their names, wherever this class was loaded from. */
  private static void each(Visitor visitor) {
    try {
      URI page = WebFiles.class.getResource("icon.svg").toURI();
      if (page.getScheme().equals("jar")) {
        String text = page.toString();
        Path jar = Path.of(URI.create(text.substring("jar:".length(), text.indexOf("!/"))));
        try (FileSystem system = FileSystems.newFileSystem(jar)) {
          walk(system.getPath(text.substring(text.indexOf("!/") + 1)).getParent(), visitor);
        }
      } else {
        walk(Path.of(page).getParent(), visitor);
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e); // it is the class loader's
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void walk(Path folder, Visitor visitor) throws IOException {
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(Files::isRegularFile)
          .filter(file -> !file.toString().endsWith(".class"))
          .forEach(file -> files.put(folder.relativize(file).toString(), file));
    }
    for (var file : files.entrySet()) {
      visitor.visit(file.getKey(), Files.readAllBytes(file.getValue()));
    }
  }
}
