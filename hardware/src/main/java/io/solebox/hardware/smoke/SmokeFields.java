package io.solebox.hardware.smoke;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A report as maps, lists, texts and numbers, in the order in which JSON shows them. What is not
 * known is left out.
 */
public final class SmokeFields {
  /** What this form is called. */
  public static final String SCHEMA = "solebox.smoke.1";

  private SmokeFields() {}

  public static Map<String, Object> of(SmokeReport report) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", SCHEMA);
    fields.put("at", report.at().toString());
    fields.put("version", report.version());
    fields.put("pace", report.pace());
    fields.put("verdict", report.grade().word());
    report.aborted().ifPresent(why -> fields.put("aborted", why));
    fields.put("devices", report.cards().stream().map(SmokeFields::card).toList());
    fields.put("power", report.power());
    fields.put("figures", report.figures().stream().map(SmokeFields::figure).toList());
    fields.put("curves", report.curves().stream().map(SmokeFields::curve).toList());
    fields.put("missing", report.missing());
    fields.put("notes", report.notes());
    return fields;
  }

  private static Map<String, Object> card(CardFacts card) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("device", card.device());
    fields.put("name", card.name());
    card.address().ifPresent(address -> fields.put("address", address));
    card.compute().ifPresent(compute -> fields.put("compute", compute));
    OptionalInt units = card.multiprocessors();
    units.ifPresent(count -> fields.put("multiprocessors", count));
    card.link().card().ifPresent(link -> fields.put("card_link", link.toString()));
    card.link().slot().ifPresent(link -> fields.put("slot_link", link.toString()));
    card.link().atWork().ifPresent(link -> fields.put("link_at_work", link.toString()));
    card.link()
        .shared()
        .ifPresent(
            shared -> fields.put("behind", Map.of("port", shared.port(), "with", shared.cards())));
    return fields;
  }

  private static Map<String, Object> figure(Figure figure) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", figure.id());
    fields.put("subject", figure.subject());
    fields.put("title", figure.title());
    fields.put("value", figure.value());
    fields.put("unit", figure.unit().word());
    switch (figure.expected()) {
      case Expectation.Value(double value, String source) -> {
        fields.put("expected", value);
        fields.put("source", source);
      }
      case Expectation.Nothing(String why) -> fields.put("why_not_judged", why);
    }
    fields.put("verdict", figure.grade().word());
    fields.put("reasons", figure.reasons());
    return fields;
  }

  private static Map<String, Object> curve(SmokeReport.Curve curve) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("title", curve.title());
    fields.put("across", curve.across());
    fields.put("unit", curve.unit().word());
    fields.put(
        "points",
        curve.places().stream().map(place -> List.of(place.at(), place.value())).toList());
    return fields;
  }
}
