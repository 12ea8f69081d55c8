package io.solebox.app.model;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadEstimate;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadableModel;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/** What memory a model would take, as a load of it computes it. */
final class MemoryNeeds {
  private MemoryNeeds() {}

  /** For the report: KV cache by type, the sum, per device, and what is to be said of it. */
  static Map<String, Object> fields(Engine engine, Path file, LoadOptions options) {
    var fields = new LinkedHashMap<String, Object>();
    try (LoadableModel model = engine.examine(file, options)) {
      LoadEstimate estimate = model.estimate();
      fields.put("context", estimate.contextTokens());
      fields.put("kv_cache_bytes", kvBytes(model, options));
      fields.put("memory_estimate_bytes", estimate.wantedBytes());
      var devices = new LinkedHashMap<String, Object>();
      estimate.devices().forEach(need -> devices.put(need.device(), fields(need)));
      fields.put("memory_bytes_by_device", devices);
      fields.put("fits_now", estimate.fits());
      var notes = new ArrayList<>(model.info().notes());
      notes.addAll(estimate.notes());
      fields.put("notes", notes);
    }
    return fields;
  }

  /** By type; those that do not suit the model's heads are left out. */
  private static Map<String, Object> kvBytes(LoadableModel model, LoadOptions options) {
    var bytes = new LinkedHashMap<String, Object>();
    for (KvType type : KvType.values()) {
      try {
        bytes.put(type.wireName(), stateBytes(model.estimate(options.withKvType(type))));
      } catch (SoleboxException e) {
        if (e.code() != ErrorCode.INVALID_PARAMETER) {
          throw e;
        }
      }
    }
    return bytes;
  }

  private static long stateBytes(LoadEstimate estimate) {
    return estimate.devices().stream().mapToLong(need -> need.wanted().stateBytes()).sum();
  }

  private static Map<String, Object> fields(LoadEstimate.DeviceNeed need) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("weights", need.wanted().weightBytes());
    fields.put("weights_in_place", need.wanted().mappedBytes());
    fields.put("kv_cache", need.wanted().stateBytes());
    fields.put("scratch", need.wanted().scratchBytes());
    fields.put("free", need.freeBytes());
    return fields;
  }
}
