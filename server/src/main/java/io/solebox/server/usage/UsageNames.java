package io.solebox.server.usage;

import io.solebox.server.limits.Used;
import io.solebox.server.usage.UsageQuery.By;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What people call those who are charged.
 *
 * @param users names of accounts by their ids
 * @param keys names of keys by their ids
 */
public record UsageNames(Map<String, String> users, Map<String, String> keys) {
  /** As people know it: its name, or what it is charged to where it has none, or is gone. */
  public String of(By by, String id) {
    return switch (by) {
      case USER -> users.getOrDefault(id, id);
      case KEY -> keys.getOrDefault(id, id);
      case GROUP, MODEL, DAY -> id;
    };
  }

  /** What a row says, by name. */
  public Map<String, Object> fields(List<By> by, UsageRow row) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < by.size(); i++) {
      String id = row.names().get(i);
      String name = of(by.get(i), id);
      fields.put(by.get(i).word(), id);
      if (!name.equals(id)) {
        fields.put(by.get(i).word() + "_name", name);
      }
    }
    Used used = row.used();
    fields.put("requests", used.requests());
    fields.put("prompt_tokens", used.prompt());
    fields.put("cached_tokens", used.cached());
    fields.put("generated_tokens", used.generated());
    return fields;
  }
}
