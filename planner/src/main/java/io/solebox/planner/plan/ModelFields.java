package io.solebox.planner.plan;

import io.solebox.engine.memory.MemoryUse;
import io.solebox.planner.figure.Range;
import io.solebox.planner.memory.DeviceMemory;
import io.solebox.planner.memory.MemoryPlan;
import io.solebox.planner.speed.SpeedPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A model's report for programs; what is not known is left out. */
public final class ModelFields {
  private ModelFields() {}

  public static Map<String, Object> of(ModelReport report) {
    var info = report.question().model().outline().info();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("model", info.name());
    fields.put("source", report.question().model().source());
    fields.put("format", info.format());
    fields.put("parameters", info.parameters());
    fields.put("file_bytes", info.fileBytes());
    fields.put("context", report.contextTokens());
    fields.put("clients", report.question().options().parallel());
    fields.put("kv_type", report.question().options().kvType().wireName());
    fields.put("fits", report.fits());
    fields.put("devices", devices(report.memory()));
    fields.put("instead", report.instead());
    report.near().ifPresent(near -> fields.put("speed", speed(near)));
    report.far().ifPresent(far -> fields.put("speed_at_context", speed(far)));
    report.tensor().ifPresent(split -> fields.put("tensor", tensor(split)));
    put(fields, "load", report.load());
    report
        .near()
        .ifPresent(
            near ->
                report.question().wished().ifPresent(wish -> fields.put("wish", near.judge(wish))));
    return fields;
  }

  private static List<Map<String, Object>> devices(MemoryPlan memory) {
    return memory.devices().stream().map(ModelFields::device).toList();
  }

  private static Map<String, Object> tensor(TensorReport split) {
    var fields = new LinkedHashMap<String, Object>();
    switch (split) {
      case TensorReport.Refused(String why) -> fields.put("refused", why);
      case TensorReport.Planned planned -> {
        fields.put("auto", planned.verdict().wireName());
        fields.put("because", planned.because());
        fields.put("devices", devices(planned.memory()));
        planned.near().ifPresent(near -> fields.put("speed", speed(near)));
      }
    }
    return fields;
  }

  private static Map<String, Object> device(DeviceMemory device) {
    MemoryUse need = device.need();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("device", device.device());
    fields.put("room", device.room().name().toLowerCase(Locale.ROOT));
    fields.put("weights", need.weightBytes());
    fields.put("weights_in_place", need.mappedBytes());
    fields.put("kv_cache", need.stateBytes());
    fields.put("scratch", need.scratchBytes());
    fields.put("least", device.least().total());
    fields.put("driver", device.driver().fields());
    fields.put("has", device.has().fields());
    fields.put("fitting_context", device.fittingContext());
    return fields;
  }

  private static Map<String, Object> speed(SpeedPlan plan) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("single", plan.single().fields());
    fields.put("together", plan.together().fields());
    fields.put("each", plan.each().fields());
    put(fields, "prefill", plan.prefill());
    put(fields, "first_token", plan.firstToken());
    fields.put("limit", plan.limit().fields());
    fields.put("bytes_per_token", plan.bytesPerToken().fields());
    fields.put("reasons", plan.reasons());
    return fields;
  }

  private static void put(Map<String, Object> fields, String name, Optional<Range> range) {
    range.ifPresent(known -> fields.put(name, known.fields()));
  }
}
