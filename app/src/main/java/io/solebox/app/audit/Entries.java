package io.solebox.app.audit;

import io.solebox.server.audit.Link;
import io.solebox.server.audit.Recorded;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Entries as plain values. */
final class Entries {
  private Entries() {}

  static Map<String, Object> fields(Recorded recorded) {
    return switch (recorded) {
      case Recorded.Readable(Link link) -> fields(link);
      case Recorded.Unreadable(long seq, String why) -> {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("seq", seq);
        fields.put("unreadable", why);
        yield fields;
      }
    };
  }

  private static Map<String, Object> fields(Link link) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("seq", link.seq());
    fields.put("at", link.at());
    fields.put("time", link.time().toString());
    fields.put("action", link.entry().action());
    fields.put("actor", link.entry().actor());
    fields.put("subject", link.entry().subject());
    fields.put("details", link.entry().details());
    fields.put("digest", HexFormat.of().formatHex(link.digest()));
    return fields;
  }
}
