package io.solebox.reader;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageTree;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;

/**
 * PDF by PDFBox: the text layer page by page, in the order in which the file has it. Pages without
 * one are told; a page that is damaged costs that page.
 */
final class PdfFormat implements Format {
  private static final int MOST_PAGES = 20_000;

  /** Of numbers of pages in a note. */
  private static final int MOST_NAMED = 20;

  @Override
  public void read(byte[] file, Text out) throws IOException, Refusal {
    BundledFonts.use();
    try (PDDocument document =
        Loader.loadPDF(file, "", null, null, IOUtils.createMemoryOnlyStreamCache())) {
      new Pages(document, out).read();
    } catch (InvalidPasswordException e) {
      throw Refusal.encrypted();
    }
  }

  /** One document's. */
  private static final class Pages {
    private final PDDocument document;
    private final Text out;
    private final Bookmarks bookmarks;
    private final List<Integer> blank = new ArrayList<>();
    private final List<Integer> damaged = new ArrayList<>();

    Pages(PDDocument document, Text out) {
      this.document = document;
      this.out = out;
      this.bookmarks = Bookmarks.of(document);
    }

    void read() throws IOException, Refusal {
      int number = 0;
      for (PDPage page : document.getPages()) {
        number++;
        if (number > MOST_PAGES) {
          throw new Refusal(
              "It has more than " + MOST_PAGES + " pages.", "Cut it into smaller ones.");
        }
        read(number, page);
      }
      if (number == 0) {
        throw new IOException("it has no pages");
      }
      note(blank, number, "no text: they are pictures, and what is written in those is not read");
      note(damaged, number, "a mistake in the file, and were not read");
    }

    private void read(int number, PDPage page) throws Refusal {
      String text;
      try {
        var single = new SinglePage(page);
        text = single.getText(document);
      } catch (IOException | RuntimeException e) {
        damaged.add(number);
        return;
      }
      if (text.isBlank()) {
        blank.add(number);
      }
      out.page(number, bookmarks.at(page));
      out.line(text.stripTrailing());
      out.flush();
    }

    private void note(List<Integer> pages, int all, String what) {
      if (!pages.isEmpty()) {
        String named =
            pages.stream().limit(MOST_NAMED).map(String::valueOf).collect(Collectors.joining(", "));
        String more = pages.size() > MOST_NAMED ? ", ..." : "";
        out.note("%d of %d pages have %s (%s%s).".formatted(pages.size(), all, what, named, more));
      }
    }
  }

  /** Strips one page without asking the tree of pages for it once more. */
  private static final class SinglePage extends PDFTextStripper {
    private final PDPage page;

    SinglePage(PDPage page) {
      this.page = page;
      setLineSeparator("\n");
      setPageEnd("");
      setArticleStart("");
      setArticleEnd("");
      setStartPage(0);
      setEndPage(1);
    }

    @Override
    protected void processPages(PDPageTree pages) throws IOException {
      if (page.hasContents()) {
        processPage(page);
      }
    }
  }
}
