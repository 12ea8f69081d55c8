package io.solebox.reader;

import java.util.Locale;

/** What is read here; the server knows them by the same names. */
enum DocumentType {
  PDF("a PDF"),
  DOCX("a Word document"),
  XLSX("an Excel workbook"),
  PPTX("a PowerPoint presentation"),
  ODT("an OpenDocument text"),
  EPUB("an EPUB"),
  RTF("an RTF text"),
  EMAIL("an e-mail"),
  HTML("a web page");

  private final String said;

  DocumentType(String said) {
    this.said = said;
  }

  String said() {
    return said;
  }

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
