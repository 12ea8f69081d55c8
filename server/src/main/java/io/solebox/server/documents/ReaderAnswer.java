package io.solebox.server.documents;

/** How the reading of a document ended. */
sealed interface ReaderAnswer {
  record Read(DocumentText text) implements ReaderAnswer {}

  record Refused(String message, String remedy) implements ReaderAnswer {}

  /**
   * The text.
   *
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_DOCUMENT} if there is none
   */
  default DocumentText text(String name) {
    return switch (this) {
      case Read(DocumentText text) -> text;
      case Refused(String message, String remedy) ->
          throw BadDocument.of(name, message, remedy.isBlank() ? Documents.KINDS_REMEDY : remedy);
    };
  }
}
