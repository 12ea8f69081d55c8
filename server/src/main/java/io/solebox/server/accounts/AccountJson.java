package io.solebox.server.accounts;

import io.solebox.server.accounts.Invitations.OpenCode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Accounts as JSON objects, which hold no secret; absent is what is not so. */
public final class AccountJson {
  private AccountJson() {}

  public static Map<String, Object> user(User user) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", user.id());
    fields.put("name", user.name());
    fields.put("role", user.role().word());
    fields.put("state", user.state().word());
    fields.put("group", user.group().orElse(null));
    fields.put("limits", String.join(" ", user.limits()));
    fields.put("password", user.hasPassword());
    fields.put("created", user.created().toString());
    return fields;
  }

  public static Map<String, Object> group(Group group) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", group.name());
    fields.put("models", String.join(" ", group.models()));
    fields.put("limits", String.join(" ", group.limits()));
    fields.put("shared_limits", String.join(" ", group.shared()));
    fields.put("keep_days", group.keep().map(Duration::toDays).orElse(null));
    return fields;
  }

  /**
   * @param owner the name of whose it is
   */
  public static Map<String, Object> key(UserKey key, String owner) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", key.id());
    fields.put("user", owner);
    fields.put("name", key.name());
    fields.put("shown", key.shown());
    fields.put("models", String.join(" ", key.models()));
    fields.put("routes", String.join(" ", key.routes()));
    fields.put("limits", String.join(" ", key.limits()));
    fields.put("receipt", key.receipts());
    fields.put("created", key.created().toString());
    fields.put("expires", text(key.expires()));
    fields.put("last_use", text(key.lastUse()));
    return fields;
  }

  private static String text(Optional<Instant> time) {
    return time.map(Instant::toString).orElse(null);
  }

  public static Map<String, Object> session(Session session) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", session.id());
    fields.put("created", session.created().toString());
    fields.put("last_use", session.lastUse().toString());
    fields.put("expires", session.expires().toString());
    fields.put("address", session.address());
    fields.put("agent", session.agent());
    return fields;
  }

  public static Map<String, Object> code(OpenCode code) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", code.id());
    fields.put("purpose", code.purpose());
    fields.put("name", code.name().orElse(null));
    fields.put("role", code.role().orElse(null));
    fields.put("group", code.group().orElse(null));
    fields.put("created", code.created().toString());
    fields.put("expires", code.expires().toString());
    return fields;
  }

  static Map<String, Object> list(List<Map<String, Object>> rows) {
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("object", "list");
    list.put("data", rows);
    return list;
  }
}
