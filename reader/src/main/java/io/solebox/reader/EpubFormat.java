package io.solebox.reader;

import io.solebox.reader.SafeXml.Attributes;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Books in EPUB 3.3: the chapters of the spine, in its order, each read as a page of HTML. */
final class EpubFormat implements Format {
  private static final String CONTAINER = "META-INF/container.xml";
  private static final String ENCRYPTION = "META-INF/encryption.xml";

  @Override
  public void read(byte[] file, Text out) throws IOException, Refusal {
    try (var zip = new Zip(file)) {
      var container = new Plan();
      SafeXml.read(zip.open(CONTAINER), container);
      var book = new Plan();
      SafeXml.read(zip.open(container.packageFile), book);
      var locked = new Plan();
      if (zip.bytes(ENCRYPTION).isPresent()) {
        SafeXml.read(zip.open(ENCRYPTION), locked);
      }
      List<String> chapters =
          book.spine.stream()
              .map(id -> resolve(container.packageFile, book.items.getOrDefault(id, "")))
              .toList();
      if (!chapters.isEmpty() && locked.encrypted.containsAll(chapters)) {
        throw Refusal.encrypted();
      }
      read(chapters, locked.encrypted, zip, out);
    }
  }

  private static void read(List<String> chapters, Set<String> encrypted, Zip zip, Text out)
      throws IOException, Refusal {
    int missing = 0;
    for (String chapter : chapters) {
      Optional<byte[]> page = encrypted.contains(chapter) ? Optional.empty() : zip.bytes(chapter);
      if (page.isPresent()) {
        out.part(List.of());
        new HtmlFormat().read(page.get(), out);
      } else {
        missing++;
      }
    }
    if (missing > 0) {
      out.note(
          "%d of %d chapters are missing or encrypted, and were not read."
              .formatted(missing, chapters.size()));
    }
  }

  /** What a file names, as a path in the archive; empty if it is none. */
  private static String resolve(String from, String href) {
    try {
      String path = URI.create("/" + from.replace(" ", "%20")).resolve(href).getPath();
      return path == null || path.isEmpty() ? "" : path.substring(1);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** What the files tell that hold a book together. */
  private static final class Plan implements SafeXml.Handler {
    private final Map<String, String> items = new HashMap<>();
    private final List<String> spine = new ArrayList<>();
    private final Set<String> encrypted = new HashSet<>();
    private String packageFile = "";

    @Override
    public void start(String name, Attributes attributes) {
      switch (name) {
        case "rootfile" -> packageFile = attributes.of("full-path");
        case "item" -> items.put(attributes.of("id"), attributes.of("href"));
        case "itemref" -> spine.add(attributes.of("idref"));
        case "CipherReference" -> encrypted.add(attributes.of("URI"));
        default -> {
          // what else there is to know of a book
        }
      }
    }

    @Override
    public void text(String text) {
      // all is in attributes
    }

    @Override
    public void end(String name) {
      // as above
    }
  }
}
