package io.solebox.server.documents;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

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
    DocumentText read =
        switch (type) {
          case MARKDOWN -> new DocumentText(MarkdownSections.of(text), List.of());
          case CSV ->
              CsvSections.of(text, limits.characters())
                  .orElseThrow(() -> BadDocument.tooMuchText(name, limits.characters()));
          case TEXT, PDF, DOCX, XLSX, PPTX, ODT, EPUB, RTF, EMAIL, HTML -> whole(text);
        };
    var notes = new ArrayList<String>(decoded.note().stream().toList());
    notes.addAll(read.notes());
    return new DocumentText(read.sections(), notes);
  }

  private static DocumentText whole(String text) {
    return new DocumentText(
        text.isBlank() ? List.of() : List.of(new Section(Place.WHOLE, text)), List.of());
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
