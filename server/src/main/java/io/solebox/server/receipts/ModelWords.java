package io.solebox.server.receipts;

import io.solebox.engine.api.Ingredients;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.api.SourceFile;
import io.solebox.engine.api.Speculation;
import io.solebox.engine.error.Printable;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.receipts.FileDigests.FileDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What an answer is made with, in the words of receipts. */
record ModelWords(Build build, String processor) {
  private static final String REPEATS =
      "The same request gives the same tokens again with the same model, build, kernels and"
          + " settings, whatever else is answered at the same time.";

  private static final String NEARLY =
      "On this device what is computed at the same time can change the last bits of a number, so"
          + " the same request mostly gives the same tokens again, but need not.";

  /**
   * @param name as answers call it
   * @param digests of all its files
   */
  Map<String, Object> of(
      String name, LoadedModel model, Ingredients made, Map<SourceFile, FileDigest> digests) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model", model(name, model, made, digests));
    fields.put("build", program());
    fields.put("machine", machine(model, made));
    fields.put("settings", settings(made));
    fields.put("claim", made.repeats() ? "repeats" : "nearly");
    fields.put("limits", made.repeats() ? REPEATS : NEARLY);
    return fields;
  }

  private static Map<String, Object> model(
      String name, LoadedModel model, Ingredients made, Map<SourceFile, FileDigest> digests) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", Printable.line(name));
    fields.put("architecture", Printable.line(model.info().architecture()));
    fields.put("format", Printable.line(model.info().format()));
    fields.put("files", files(made.files(), digests));
    List<Object> adapters = new ArrayList<>();
    for (Ingredients.Adapter adapter : made.adapters()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", Printable.line(adapter.name()));
      one.put("scale", String.valueOf(adapter.scale()));
      one.put("files", files(adapter.files(), digests));
      adapters.add(one);
    }
    fields.put("adapters", adapters);
    fields.put("template_arguments", Sha256.of(new JsonWriter().text(made.templateArguments())));
    return fields;
  }

  private static List<Object> files(List<SourceFile> files, Map<SourceFile, FileDigest> digests) {
    List<Object> all = new ArrayList<>();
    for (SourceFile file : files) {
      FileDigest digest = digests.get(file);
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", Printable.line(file.name()));
      one.put("bytes", file.bytes());
      one.put("sha256", digest.sha256());
      one.put("known", digest.at().isPresent() ? "hashed" : "store");
      digest.at().ifPresent(at -> one.put("hashed_at", at.toString()));
      all.add(one);
    }
    return all;
  }

  private Map<String, Object> program() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("version", build.version());
    fields.put("sha256", build.sha256());
    fields.put("java", build.java());
    fields.put("numerics", Ingredients.NUMERICS);
    return fields;
  }

  private Map<String, Object> machine(LoadedModel model, Ingredients made) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("processor", processor);
    fields.put("device", Printable.line(model.device()));
    fields.put(
        "kernels", made.stages().stream().map(stage -> Printable.line(stage.kernels())).toList());
    return fields;
  }

  private static Map<String, Object> settings(Ingredients made) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kv_type", made.kvType().name().toLowerCase(Locale.ROOT));
    fields.put("activations", made.activations().name().toLowerCase(Locale.ROOT));
    fields.put("context_tokens", made.contextTokens());
    fields.put(
        "speculation",
        switch (made.speculation()) {
          case Speculation.Off _ -> "off";
          case Speculation.Lookup _ -> "lookup";
          case Speculation.DraftModel _ -> "draft";
        });
    return fields;
  }
}
