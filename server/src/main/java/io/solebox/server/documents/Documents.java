package io.solebox.server.documents;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what is text by itself, and has the reader's program read the rest, where there is one.
 * What a document is its content says; its name decides only among what is text.
 */
public final class Documents implements DocumentReader {
  static final String KINDS_REMEDY =
      "PDF, DOCX, XLSX, PPTX, ODT, RTF, EPUB, e-mails (EML), HTML, Markdown, CSV, text and source"
          + " code are read; save it as one of these.";

  private static final DocumentText EMPTY =
      new DocumentText(List.of(), List.of("There is no text in it."));

  private final PlainReader plain;
  private final Optional<DocumentReader> program;

  private Documents(DocumentLimits limits, Optional<DocumentReader> program) {
    this.plain = new PlainReader(limits);
    this.program = program;
  }

  /** Reads all kinds of {@link DocumentType}. */
  public static Documents with(DocumentReader program, DocumentLimits limits) {
    return new Documents(limits, Optional.of(program));
  }

  /**
   * Reads all kinds by the program of a distribution.
   *
   * @param folder with the program's jars; where there is none, only text is read
   */
  public static Documents in(Path folder) {
    DocumentLimits limits = DocumentLimits.defaults();
    return new Documents(limits, ReaderProcess.in(folder, limits).map(program -> program));
  }

  /** Reads text alone, and says so of the rest. */
  public static Documents plainOnly() {
    return new Documents(DocumentLimits.defaults(), Optional.empty());
  }

  @Override
  public DocumentText read(String name, InputStream content) throws InterruptedException {
    byte[] head = head(name, content);
    InputStream all = new SequenceInputStream(new ByteArrayInputStream(head), content);
    DocumentText text =
        switch (Container.of(head)) {
          case PDF, RTF, ZIP, COMPOUND -> byProgram(name, all);
          case NONE -> isMarked(name, head) ? byProgram(name, all) : plainly(name, all);
          case PICTURE ->
              throw BadDocument.of(
                  name,
                  "It is a picture, and what is written in pictures is not read.",
                  "Recognize its text with another program, and save that as text or PDF.");
          case OTHER ->
              throw BadDocument.of(name, "It is no document of a kind that is read.", KINDS_REMEDY);
        };
    return text.sections().isEmpty() && text.notes().isEmpty() ? EMPTY : text;
  }

  @Override
  public void close() {
    program.ifPresent(DocumentReader::close);
  }

  private static byte[] head(String name, InputStream content) {
    try {
      return content.readNBytes(Container.HEAD);
    } catch (IOException e) {
      throw BadDocument.unreadable(name, e);
    }
  }

  /** Whether what is no file of a program's own is a web page or an e-mail. */
  private static boolean isMarked(String name, byte[] head) {
    Optional<DocumentType> called = DocumentType.ofName(name);
    boolean mayBePage = called.map(type -> !type.isPlain()).orElse(!name.contains("."));
    return called.filter(DocumentType::isMarked).isPresent() || mayBePage && Container.isPage(head);
  }

  private DocumentText byProgram(String name, InputStream all) throws InterruptedException {
    if (program.isEmpty()) {
      throw BadDocument.of(
          name,
          "It is "
              + DocumentType.ofName(name)
                  .filter(t -> !t.isPlain())
                  .map(DocumentType::said)
                  .orElse("no plain text")
              + ", and this Solebox reads Markdown, CSV, text and source code alone: the reader is"
              + " not there.",
          "Start Solebox by its launcher, which brings it, or save the document as text.");
    }
    return program.get().read(name, all);
  }

  private DocumentText plainly(String name, InputStream all) {
    Optional<DocumentType> called = DocumentType.ofName(name);
    DocumentType type = called.filter(DocumentType::isPlain).orElse(DocumentType.TEXT);
    DocumentText text = plain.read(name, type, all);
    if (called.isEmpty() || called.get().isPlain()) {
      return text;
    }
    var notes = new ArrayList<>(text.notes());
    notes.add(DocumentType.disagreement(called.get(), type));
    return new DocumentText(text.sections(), notes);
  }
}
