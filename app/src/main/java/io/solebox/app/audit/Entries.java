package io.solebox.app.audit;

import io.solebox.server.audit.AuditFile;
import io.solebox.server.audit.Link;
import io.solebox.server.audit.Recorded;
import java.util.LinkedHashMap;
import java.util.Map;

/** Entries as plain values. */
final class Entries {
  private Entries() {}

  static Map<String, Object> fields(Recorded recorded) {
    return switch (recorded) {
      case Recorded.Readable(Link link) -> AuditFile.fields(link);
      case Recorded.Unreadable(long seq, String why) -> {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("seq", seq);
        fields.put("unreadable", why);
        yield fields;
      }
    };
  }
}
