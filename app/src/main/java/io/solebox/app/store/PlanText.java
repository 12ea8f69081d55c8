package io.solebox.app.store;

import io.solebox.app.console.Table;
import io.solebox.app.console.Units;
import io.solebox.app.session.Expected;
import io.solebox.engine.error.Printable;
import io.solebox.store.layout.Annotations;
import io.solebox.store.pull.Choice;
import io.solebox.store.pull.source.Offer;
import io.solebox.store.pull.source.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A plan for people. */
final class PlanText {
  private final PullPlan plan;
  private final List<String> lines = new ArrayList<>();

  private PlanText(PullPlan plan) {
    this.plan = plan;
  }

  static List<String> lines(PullPlan plan) {
    var text = new PlanText(plan);
    text.model();
    text.others();
    return text.lines;
  }

  private void model() {
    Variant chosen = plan.order().variant();
    Offer offer = plan.order().offer();
    say("model", plan.name());
    say("source", offer.place() + " at " + offer.revision());
    plan.fit()
        .map(FitPlan::because)
        .or(plan.order()::chosenBecause)
        .ifPresent(why -> say("chosen", why));
    plan.outlook().facts().ifPresent(this::facts);
    say("licence", licence(offer));
    plan.open().ifPresent(t -> say("to accept", t.name() + ", " + t.place()));
    plan.accepted()
        .map(a -> a.get(Annotations.ACCEPTED_TERMS_AT))
        .ifPresent(at -> say("accepted", at));
    String parts = chosen.parts().size() == 1 ? "" : " in " + chosen.parts().size() + " files";
    say("size", Units.bytes(chosen.bytes()) + parts);
    say("to fetch", toFetch(plan.missingBytes(), chosen.bytes()));
    plan.fit().ifPresent(this::fit);
  }

  private static String toFetch(long missing, long all) {
    if (missing == 0) {
      return "nothing, it is here";
    }
    return Units.bytes(missing) + (missing < all ? ", the rest is here" : "");
  }

  /** As the source says it, and the file where that says something else. */
  private String licence(Offer offer) {
    Optional<String> ofFile = plan.outlook().facts().flatMap(Facts::licence);
    if (offer.licence().isEmpty()) {
      return ofFile.orElse("neither the source nor the file names one");
    }
    String ofSource = offer.licence().get();
    return ofFile
        .filter(other -> !other.equalsIgnoreCase(ofSource))
        .map(other -> ofSource + " (the file says: " + other + ")")
        .orElse(ofSource);
  }

  private void fit(FitPlan fit) {
    say("to make", "%s of %s".formatted(fit.mix(), Units.bytes(fit.bytes())));
    say("afterwards", fit.source().label() + (fit.keepsSource() ? " stays, too" : " is removed"));
    say("disk", Units.bytes(plan.missingBytes() + fit.bytes()) + " at most");
  }

  private void facts(Facts facts) {
    String context = facts.context() == 0 ? "" : ", context " + facts.context();
    say("is", facts.architecture() + ", " + Units.count(facts.parameters()) + " weights" + context);
    say("chat template", facts.template() ? "present" : "none that can be used");
    Expected expected = plan.expected();
    expected.needs().ifPresent(needs -> say("memory", memory(needs)));
    if (expected.tokensPerSecond().isPresent()) {
      say("speed", expected.speed() + " tokens/s, estimated from the memory's speed");
    }
  }

  static String memory(Choice.Fit.Needs needs) {
    return "needs %s, %s free: %s"
        .formatted(
            Units.bytes(needs.neededBytes()),
            Units.bytes(needs.freeBytes()),
            needs.fits() ? "fits" : "does not fit now");
  }

  private void others() {
    List<Variant> others =
        Choice.bySize(plan.order().offer().variants()).stream()
            .filter(other -> !other.equals(plan.order().variant()))
            .toList();
    if (others.isEmpty()) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("others:", "size", "memory", "tokens/s", "quality"));
    others.forEach(other -> rows.add(row(other)));
    lines.addAll(Table.lines(rows));
    lines.add(Quality.BASIS);
  }

  private List<String> row(Variant other) {
    Expected expected = plan.outlook().of(other);
    return List.of(
        "  " + Printable.name(other.label()),
        Units.bytes(other.bytes()),
        expected.fit(),
        expected.speed(),
        other.quantization().flatMap(Quality::word).orElse("not measured"));
  }

  private void say(String what, String text) {
    lines.add(what + ": " + Printable.line(text));
  }
}
