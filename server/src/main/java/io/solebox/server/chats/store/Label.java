package io.solebox.server.chats.store;

import java.util.Locale;

/** What chats can share. */
public enum Label {
  FOLDER,
  TAG;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
