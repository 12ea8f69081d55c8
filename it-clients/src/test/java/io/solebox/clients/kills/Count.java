package io.solebox.clients.kills;

/** What is counted of what a server has said. */
enum Count {
  SIGN_IN("sign-ins", "sign-in.ok"),
  SIGN_OUT("sign-outs", "session.end"),
  KEY_ADD("keys made", "key.add"),
  KEY_REVOKE("keys revoked", "key.revoke"),
  INVITE("invitations", "code.invite"),
  USER_ADD("accounts made", "user.add"),
  USER_ROLE("roles changed", "user.role"),
  USER_GROUP("groups changed", "user.group"),
  USER_EXPORT("accounts taken out", "user.export"),
  USER_DELETE("accounts deleted", "user.delete"),
  CHAT("answers charged", ""),
  UPLOAD("files sent", ""),
  IMPORT("chats taken in", ""),
  ATTACH("messages with attachments", ""),
  FORGET("of these deleted", "");

  private final String words;
  private final String action;

  Count(String words, String action) {
    this.words = words;
    this.action = action;
  }

  String words() {
    return words;
  }

  /** As the audit log calls it; empty for what it does not tell of. */
  String action() {
    return action;
  }
}
