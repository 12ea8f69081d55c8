package io.solebox.app.scout;

import io.solebox.app.console.Console;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.judge.Judgement;
import io.solebox.scout.judge.Standing;
import io.solebox.scout.run.Decision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a round has decided, for people and for scripts. */
final class DecisionText {
  private final Console console;
  private final boolean explain;

  DecisionText(Console console, boolean explain) {
    this.console = console;
    this.explain = explain;
  }

  /** What is told, what is wanted and is no news, and how much was passed over, and why. */
  void print(List<Decision> decisions) {
    List<Decision> told = of(decisions, Decision.Outcome.TOLD);
    List<Decision> old = of(decisions, Decision.Outcome.NO_NEWS);
    List<Decision> unwanted = of(decisions, Decision.Outcome.UNWANTED);
    heading("Told: " + told.size());
    told.forEach(this::print);
    heading("Wanted, but no news: " + old.size());
    old.forEach(this::print);
    heading("Not wanted: " + unwanted.size());
    if (explain) {
      unwanted.forEach(this::print);
    } else {
      reasons(unwanted);
    }
  }

  private static List<Decision> of(List<Decision> decisions, Decision.Outcome outcome) {
    return decisions.stream().filter(each -> each.outcome() == outcome).toList();
  }

  private void heading(String text) {
    console.println(text);
  }

  private void print(Decision decision) {
    Sighting seen = decision.event().sighting();
    console.println("  " + decision.event().happening() + "  " + seen.title());
    List<String> facts = new ArrayList<>();
    seen.sale().asked().ifPresent(price -> facts.add(price.toString()));
    Judgement judgement = decision.judgement();
    judgement
        .card()
        .ifPresent(
            card -> facts.add(card.units() > 1 ? card.units() + " x " + card.card() : card.card()));
    judgement.perGigabyte().ifPresent(each -> facts.add(each + "/GB"));
    judgement.perBandwidth().ifPresent(each -> facts.add(each + " for 1 GB/s"));
    judgement.standing().ifPresent(standing -> facts.add(standing(standing)));
    facts.add(seen.site());
    console.println("       " + String.join("; ", facts));
    judgement
        .suspicions()
        .forEach(suspicion -> console.println("       suspicious: " + suspicion.reason()));
    String where =
        decision.channels().isEmpty() ? "" : " -> " + String.join(", ", decision.channels());
    console.println("       " + decision.watch() + where + ": " + decision.why());
    console.println("       " + seen.page());
  }

  private static String standing(Standing standing) {
    return String.format(
        Locale.ROOT,
        "%.1f deviations %s the median of %s (%d seen)",
        Math.abs(standing.score()),
        standing.score() < 0 ? "below" : "above",
        standing.median(),
        standing.seen());
  }

  private void reasons(List<Decision> unwanted) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Decision each : unwanted) {
      counts.merge(each.watch() + ": " + each.why(), 1, Integer::sum);
    }
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(10)
        .forEach(each -> console.println("  %5d  %s".formatted(each.getValue(), each.getKey())));
    if (counts.size() > 10) {
      console.println(
          "  and %d other reasons; see all with --explain".formatted(counts.size() - 10));
    }
  }

  /** The same for scripts. */
  static List<Map<String, Object>> fields(List<Decision> decisions) {
    return decisions.stream().map(DecisionText::fields).toList();
  }

  private static Map<String, Object> fields(Decision decision) {
    Sighting seen = decision.event().sighting();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("outcome", decision.outcome().name().toLowerCase(Locale.ROOT));
    fields.put("happening", decision.event().happening().name().toLowerCase(Locale.ROOT));
    fields.put("watch", decision.watch());
    fields.put("why", decision.why());
    fields.put("channels", List.copyOf(decision.channels()));
    fields.put("market", seen.key().market());
    fields.put("id", seen.key().id());
    fields.put("site", seen.site());
    fields.put("title", seen.title());
    fields.put("page", seen.page().toString());
    seen.sale().asked().ifPresent(price -> fields.put("price", money(price)));
    decision.event().before().ifPresent(price -> fields.put("price_before", money(price)));
    Judgement judgement = decision.judgement();
    judgement
        .card()
        .ifPresent(
            card -> {
              fields.put("card", card.card());
              fields.put("units", card.units());
            });
    judgement.perUnit().ifPresent(price -> fields.put("per_unit", money(price)));
    judgement.perGigabyte().ifPresent(price -> fields.put("per_gb", money(price)));
    judgement.perBandwidth().ifPresent(price -> fields.put("per_gbs", money(price)));
    judgement
        .standing()
        .ifPresent(
            standing -> {
              fields.put("score", standing.score());
              fields.put("median", money(standing.median()));
              fields.put("seen", standing.seen());
            });
    fields.put(
        "suspicions",
        judgement.suspicions().stream()
            .map(each -> Map.of("code", each.code(), "reason", each.reason()))
            .toList());
    return fields;
  }

  private static Map<String, Object> money(Money money) {
    return Map.of("amount", money.amount().toPlainString(), "currency", money.currency());
  }
}
