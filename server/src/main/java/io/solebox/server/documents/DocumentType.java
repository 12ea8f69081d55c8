package io.solebox.server.documents;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a document is. Those that are no plain text take the reader's program. */
public enum DocumentType {
  PDF("a PDF", List.of("pdf")),
  DOCX("a Word document (DOCX)", List.of("docx", "docm", "dotx", "dotm")),
  XLSX("an Excel workbook (XLSX)", List.of("xlsx", "xlsm", "xltx", "xltm")),
  PPTX("a PowerPoint presentation (PPTX)", List.of("pptx", "pptm", "ppsx", "potx")),
  ODT("an OpenDocument text (ODT)", List.of("odt", "ott")),
  EPUB("an EPUB", List.of("epub")),
  RTF("an RTF text", List.of("rtf")),
  EMAIL("an e-mail (EML)", List.of("eml")),
  HTML("a web page (HTML)", List.of("html", "htm", "xhtml")),
  MARKDOWN("Markdown", List.of("md", "markdown", "mdown", "mkd")),
  CSV("a table (CSV)", List.of("csv", "tsv")),
  /** Whatever else is text, source code too. */
  TEXT("a text", List.of());

  private final String said;
  private final List<String> extensions;

  DocumentType(String said, List<String> extensions) {
    this.said = said;
    this.extensions = extensions;
  }

  /** As in "This is a PDF". */
  public String said() {
    return said;
  }

  /** How names of such files end, in lower case and without the dot. */
  public List<String> extensions() {
    return extensions;
  }

  /** Whether it is text as it lies there, whatever marks are in it. */
  public boolean isPlain() {
    return switch (this) {
      case MARKDOWN, CSV, TEXT -> true;
      case PDF, DOCX, XLSX, PPTX, ODT, EPUB, RTF, EMAIL, HTML -> false;
    };
  }

  /** Whether it is text with marks in it, which only the name of a file tells for sure. */
  boolean isMarked() {
    return this == EMAIL || this == HTML;
  }

  /** What to say where a name and a content do. */
  static String disagreement(DocumentType called, DocumentType found) {
    return "Its name says that it is " + called.said + ", but it is " + found.said + ".";
  }

  /** The name on the wire to the reader's program. */
  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<DocumentType> ofWire(String name) {
    return Arrays.stream(values()).filter(type -> type.wireName().equals(name)).findFirst();
  }

  /** What the end of a file's name says, which anybody may have chosen. */
  static Optional<DocumentType> ofName(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(type -> type.extensions.contains(ending)).findFirst();
  }
}
