package io.solebox.engine.source.huggingface;

import io.solebox.engine.source.FileStamp;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ValueType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Chat templates, and how the model's makers recommend to sample. */
final class Defaults {
  private static final String TEMPLATE = "tokenizer.chat_template";
  private static final String JINJA = ".jinja";

  private final HuggingFaceFolder folder;

  Defaults(HuggingFaceFolder folder) {
    this.folder = folder;
  }

  void translate(Translation t) {
    templates(t);
    sampling(folder.optional("generation_config.json"), t);
  }

  /** In the order in which transformers heeds the places that it wrote them to over the years. */
  private void templates(Translation t) {
    Path single = folder.file("chat_template.jinja");
    Config config = folder.optional("tokenizer_config.json");
    if (Files.isRegularFile(single)) {
      put(t, TEMPLATE, read(single));
    } else if (config.has("chat_template")) {
      put(config, t);
    } else {
      put(folder.optional("chat_template.json"), t);
    }
    Path others = folder.file("additional_chat_templates");
    if (Files.isDirectory(others)) {
      try (Stream<Path> files = Files.list(others)) {
        for (Path file : files.sorted().toList()) {
          String name = file.getFileName().toString();
          if (name.endsWith(JINJA)) {
            name = name.substring(0, name.length() - JINJA.length());
            put(t, TEMPLATE + "." + name, read(file));
          }
        }
      } catch (IOException e) {
        throw FileStamp.unreadable(others, e);
      }
    }
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw FileStamp.unreadable(file, e);
    }
  }

  private static void put(Translation t, String key, String template) {
    t.general(key, new MetadataValue.Text(template));
  }

  /** One template, or a list of named ones. */
  private static void put(Config config, Translation t) {
    switch (config.find("chat_template").orElse(List.of())) {
      case String template -> put(t, TEMPLATE, template);
      case List<?> named -> {
        for (Object each : named) {
          if (!(each instanceof Map<?, ?> map
              && map.get("name") instanceof String name
              && map.get("template") instanceof String template)) {
            throw config.bad("chat_template", "must be a list of names and templates");
          }
          put(t, name.equals("default") ? TEMPLATE : TEMPLATE + "." + name, template);
        }
      }
      default -> throw config.bad("chat_template", "must be text, or a list");
    }
  }

  private static void sampling(Config c, Translation t) {
    boolean samples = c.flagOr(c.has("temperature"), "do_sample");
    if (!samples) {
      return;
    }
    c.count("top_k")
        .ifPresent(
            k -> t.general("general.sampling.top_k", new MetadataValue.Whole(ValueType.I32, k)));
    c.number("top_p").ifPresent(p -> real(t, "general.sampling.top_p", p));
    real(t, "general.sampling.temp", c.numberOr(1, "temperature"));
    List<String> others = new ArrayList<>();
    other(c, "top_k", others);
    other(c, "top_p", others);
    other(c, "min_p", others);
    other(c, "repetition_penalty", others);
    if (!others.isEmpty()) {
      t.note(
          "Its makers recommend %s besides the temperature; requests can say so."
              .formatted(String.join(", ", others)));
    }
  }

  private static void other(Config c, String name, List<String> others) {
    double value = c.numberOr(0, name);
    if (value != 0 && value != 1) {
      others.add(name + " " + (value == Math.rint(value) ? "" + (long) value : "" + value));
    }
  }

  private static void real(Translation t, String key, double value) {
    t.general(key, new MetadataValue.Real(ValueType.F32, (float) value));
  }
}
