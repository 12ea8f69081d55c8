package io.solebox.server.chats.exchange;

/** What a conversation of an export is. */
public sealed interface Entry {
  /** As people find it again. */
  String title();

  /** One that is understood. */
  record Known(String title, Imported conversation) implements Entry {}

  /**
   * @param why a sentence
   */
  record Unknown(String title, String why) implements Entry {}
}
