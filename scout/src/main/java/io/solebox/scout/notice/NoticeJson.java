package io.solebox.scout.notice;

import io.solebox.scout.item.Money;
import io.solebox.scout.story.Event;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * News as JSON for other programs. Names are in snake case, times as in ISO 8601, money as text
 * with its currency.
 */
public final class NoticeJson {
  private NoticeJson() {}

  /** As plain values. */
  public static Map<String, Object> values(Told told) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", told.key());
    json.put("at", told.at().toString());
    switch (told) {
      case Word word -> {
        json.put("title", word.title());
        json.put("text", word.text());
      }
      case Notice notice -> {
        Event event = notice.event();
        json.put("watch", notice.watch());
        json.put("happening", event.happening().name());
        json.put("count", event.count());
        event.before().ifPresent(before -> json.put("before", money(before)));
        json.put("thing", SightingJson.values(event.sighting()));
        json.put("judgement", JudgementJson.values(notice.judgement()));
      }
    }
    return json;
  }

  static Map<String, Object> money(Money money) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("amount", money.amount().toPlainString());
    json.put("currency", money.currency());
    return json;
  }
}
