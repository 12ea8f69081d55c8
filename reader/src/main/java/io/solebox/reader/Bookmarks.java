package io.solebox.reader;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineItem;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineNode;

/**
 * A PDF's bookmarks as headings of its pages: a page stands under the last one that leads to it or
 * to a page before it. Whatever is wrong with them, the text is read.
 */
final class Bookmarks {
  private static final int MOST = 10_000;
  private static final int DEEPEST = 6;

  private final Map<COSDictionary, List<String>> starts = new HashMap<>();
  private final Set<COSBase> seen = new HashSet<>();
  private final PDDocument document;
  private List<String> current = List.of();

  private Bookmarks(PDDocument document) {
    this.document = document;
  }

  static Bookmarks of(PDDocument document) {
    var bookmarks = new Bookmarks(document);
    try {
      PDOutlineNode outline = document.getDocumentCatalog().getDocumentOutline();
      if (outline != null) {
        bookmarks.add(outline, List.of());
      }
    } catch (IOException | RuntimeException e) {
      bookmarks.starts.clear(); // damaged ones lead nowhere
    }
    return bookmarks;
  }

  /** Of pages in their order, each once. */
  List<String> at(PDPage page) {
    current = starts.getOrDefault(page.getCOSObject(), current);
    return current;
  }

  private void add(PDOutlineNode parent, List<String> above) throws IOException {
    for (PDOutlineItem item = parent.getFirstChild(); item != null; item = item.getNextSibling()) {
      if (!seen.add(item.getCOSObject()) || seen.size() > MOST || above.size() >= DEEPEST) {
        return;
      }
      var path = new ArrayList<>(above);
      path.add(item.getTitle() == null ? "" : item.getTitle());
      PDPage page = item.findDestinationPage(document);
      if (page != null) {
        // The first of the innermost: a page often begins a chapter and its first part at once.
        starts.merge(page.getCOSObject(), path, (a, b) -> extendsPath(b, a) ? b : a);
      }
      add(item, path);
    }
  }

  private static boolean extendsPath(List<String> longer, List<String> shorter) {
    return longer.size() > shorter.size() && longer.subList(0, shorter.size()).equals(shorter);
  }
}
