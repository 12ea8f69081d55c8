package io.solebox.server.documents;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;

/** What is text as it lies there: Markdown, tables in CSV, plain text, source code. */
final class PlainReader {
  /** Of one character in UTF-32, the widest. */
  private static final int WIDEST = 4;

  private final DocumentLimits limits;

  PlainReader(DocumentLimits limits) {
    this.limits = limits;
  }

  DocumentText read(String name, DocumentType type, InputStream content) {
    var decoded = Decoded.of(bytes(name, content)).orElseThrow(() -> binary(name));
    String text = decoded.text();
    if (text.length() > limits.characters()) {
      throw BadDocument.tooMuchText(name, limits.characters());
    }
    var sections = new SectionList(name, limits);
    var notes = new ArrayList<>(decoded.note().stream().toList());
    switch (type) {
      case MARKDOWN -> MarkdownSections.add(text, sections);
      case CSV -> notes.addAll(CsvSections.add(text, sections));
      case TEXT, PDF, DOCX, XLSX, PPTX, ODT, EPUB, RTF, EMAIL, HTML ->
          sections.add(Place.WHOLE, text);
    }
    return new DocumentText(sections.all(), notes);
  }

  private byte[] bytes(String name, InputStream content) {
    int most = (int) Math.min(Integer.MAX_VALUE - 16, (long) limits.characters() * WIDEST);
    try {
      byte[] bytes = content.readNBytes(most + 1);
      if (bytes.length > most) {
        throw BadDocument.tooMuchText(name, limits.characters());
      }
      return bytes;
    } catch (IOException e) {
      throw BadDocument.unreadable(name, e);
    }
  }

  private static RuntimeException binary(String name) {
    return BadDocument.of(
        name, "It is no text, and no document of a kind that is read.", Documents.KINDS_REMEDY);
  }
}
