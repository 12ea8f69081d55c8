package io.solebox.app.store;

import io.solebox.app.session.Expected;
import io.solebox.store.pull.Choice;
import io.solebox.store.pull.Pull;
import io.solebox.store.pull.source.RemoteFile;
import io.solebox.store.pull.source.Terms;
import io.solebox.store.pull.source.Variant;
import java.util.LinkedHashMap;
import java.util.Map;

/** A plan for scripts. */
final class PlanJson {
  private PlanJson() {}

  static Map<String, Object> fields(PullPlan plan) {
    Pull.Order order = plan.order();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model", plan.name());
    fields.put("source", order.offer().place());
    fields.put("revision", order.offer().revision());
    fields.putAll(variant(order.variant(), plan.outlook()));
    order.chosenBecause().ifPresent(why -> fields.put("chosen_because", why));
    order.offer().licence().ifPresent(licence -> fields.put("license", licence));
    order.offer().terms().ifPresent(t -> fields.put("terms", terms(t, plan)));
    fields.put("missing_bytes", plan.missingBytes());
    plan.fit().ifPresent(fit -> fields.put("fit", fit(fit, plan.expected())));
    plan.outlook().facts().ifPresent(known -> facts(known, fields));
    fields.put(
        "alternatives",
        Choice.bySize(order.offer().variants()).stream()
            .filter(other -> !other.equals(order.variant()))
            .map(other -> variant(other, plan.outlook()))
            .toList());
    return fields;
  }

  private static Map<String, Object> variant(Variant variant, Outlook outlook) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("variant", variant.label());
    variant.quantization().ifPresent(q -> fields.put("quantization", q.name()));
    fields.put("bytes", variant.bytes());
    fields.put("files", variant.parts().stream().map(RemoteFile::path).toList());
    variant.quantization().flatMap(q -> q.loss()).ifPresent(l -> fields.put("perplexity_loss", l));
    variant.quantization().flatMap(Quality::word).ifPresent(q -> fields.put("quality", q));
    fields.putAll(outlook.of(variant).fields());
    return fields;
  }

  private static Map<String, Object> terms(Terms terms, PullPlan plan) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", terms.name());
    fields.put("place", terms.place());
    fields.put("text", terms.text());
    fields.put("digest", terms.digest().toString());
    fields.put("accepted", plan.accepted().isPresent());
    return fields;
  }

  private static Map<String, Object> fit(FitPlan fit, Expected expected) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("quantization", fit.mix().name());
    fields.put("bytes", fit.bytes());
    fields.put("because", fit.because());
    fields.put("keeps_source", fit.keepsSource());
    fields.putAll(expected.fields());
    return fields;
  }

  private static void facts(Facts facts, Map<String, Object> fields) {
    fields.put("architecture", facts.architecture());
    fields.put("parameters", facts.parameters());
    fields.put("trained_context", (long) facts.context());
    fields.put("chat_template", facts.template());
    facts.licence().ifPresent(licence -> fields.put("license_of_file", licence));
    fields.put("notes", facts.notes());
  }
}
