package io.solebox.planner.report;

import io.solebox.planner.figure.Range;
import io.solebox.planner.heat.Heat;
import io.solebox.planner.machine.BarFit;
import io.solebox.planner.machine.MachineProfile;
import io.solebox.planner.money.Payback;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A report for programs; what is not known is left out. */
final class ReportFields {
  private ReportFields() {}

  static Map<String, Object> of(MachineReport report) {
    MachineProfile machine = report.question().machine();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("machine", machine.name());
    fields.put("notes", machine.notes());
    fields.put("bars", report.bars().stream().map(ReportFields::bar).toList());
    fields.put(
        "loads",
        report.draws()
            ? report.heat().loads().stream().map(ReportFields::heat).toList()
            : List.of());
    fields.put("warnings", report.heat().warnings());
    fields.put("unknown", report.heat().unknown());
    fields.put("cost", cost(report));
    report
        .energy()
        .ifPresent(
            energy -> {
              fields.put("energy", energy.perToken().fields());
              fields.put("energy_cost", energy.perMillion().fields());
              fields.put("mean_power", energy.mean().fields());
            });
    fields.put("electricity_price", report.question().prices().electricity().fields());
    fields.put("token_price", report.question().prices().tokens().fields());
    report.payback().ifPresent(known -> fields.put("payback", payback(known)));
    return fields;
  }

  private static Map<String, Object> bar(BarFit fit) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("card", fit.card().key());
    fields.put("count", fit.count());
    fields.put("bar1_bytes", fit.bar1Bytes());
    fields.put("window_bytes", fit.need().bytes());
    fields.put("alignment_bytes", fit.need().alignment());
    var windows = new LinkedHashMap<String, Object>();
    fit.windows()
        .forEach(
            (window, verdict) -> {
              var each = new LinkedHashMap<String, Object>();
              each.put("bytes", verdict.bytes());
              each.put("room", verdict.room().wireName());
              each.put("source", verdict.source());
              windows.put(window.wireName(), each);
            });
    fields.put("windows", windows);
    fit.limit().ifPresent(window -> fields.put("limit", window.wireName()));
    fields.put("says", fit.says());
    return fields;
  }

  private static Map<String, Object> heat(Heat heat) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("load", heat.load().wireName());
    fields.put("direct", heat.direct().fields());
    fields.put("wall", heat.wall().fields());
    fields.put("heat", heat.btu().fields());
    fields.put("air", heat.air().fields());
    fields.put("air_cfm", heat.cfm().fields());
    put(fields, "core", heat.core());
    put(fields, "memory", heat.memory());
    fields.put("noise", heat.noise().wireName());
    return fields;
  }

  private static void put(Map<String, Object> fields, String name, Optional<Range> range) {
    range.ifPresent(known -> fields.put(name, known.fields()));
  }

  private static Map<String, Object> cost(MachineReport report) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put(
        "items",
        report.question().cost().items().stream()
            .map(
                item -> {
                  var each = new LinkedHashMap<String, Object>();
                  each.put("name", item.name());
                  each.put("count", item.count());
                  each.put("price", item.price().fields());
                  return each;
                })
            .toList());
    put(fields, "total", report.question().cost().total());
    fields.put("unpriced", report.question().cost().unpriced());
    return fields;
  }

  private static Map<String, Object> payback(Payback payback) {
    var fields = new LinkedHashMap<String, Object>();
    switch (payback) {
      case Payback.After(Range hours) -> {
        fields.put("verdict", "after");
        fields.put("hours", hours.fields());
      }
      case Payback.Perhaps(double best, String reason) -> {
        fields.put("verdict", "perhaps");
        fields.put("best_hours", best);
        fields.put("reason", reason);
      }
      case Payback.Never(String reason) -> {
        fields.put("verdict", "never");
        fields.put("reason", reason);
      }
    }
    return fields;
  }
}
