package io.solebox.store.catalogue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.store.catalogue.CatalogueModel.Use;
import io.solebox.store.pull.name.Quantization;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads catalogues: a JSON object with {@code format} (1), {@code version}, {@code date} and {@code
 * models}. Each field is read or refused, with its place.
 */
final class CatalogueReader {
  private static final JsonReader READER =
      new JsonReader(new JsonLimits(16 << 20, 8, 1 << 16, 1_000_000));

  private static final long FORMAT = 1;
  private static final long MOST_PARAMETERS = 100_000_000_000_000L;
  private static final Set<String> FIELDS = Set.of("format", "version", "date", "models");
  private static final Set<String> MODEL_FIELDS =
      Set.of(
          "name",
          "title",
          "source",
          "architecture",
          "parameters",
          "active_parameters",
          "kept_elements",
          "context",
          "license",
          "gated",
          "uses",
          "formats",
          "shape");
  private static final Set<String> SHAPE_FIELDS =
      Set.of(
          "layers",
          "width",
          "ffn",
          "heads",
          "kv_heads",
          "head_dim",
          "vocabulary",
          "tied",
          "window",
          "window_period",
          "experts",
          "used_experts",
          "source");
  private static final int MOST_OF_SHAPE = 1 << 24;

  private final String place;
  private String at = "";

  private CatalogueReader(String place) {
    this.place = place;
  }

  /**
   * @param place for errors
   * @throws SoleboxException {@code INVALID_PARAMETER} with the field that is wrong
   */
  static Catalogue read(byte[] utf8, String place) {
    return new CatalogueReader(place).catalogue(utf8);
  }

  private Catalogue catalogue(byte[] utf8) {
    try {
      Map<String, Object> fields = READER.readObject(utf8);
      if (!Long.valueOf(FORMAT).equals(fields.get("format"))) {
        throw wrong("format", "is not " + FORMAT + ", the only one that this version reads");
      }
      requireKnown(fields, FIELDS);
      List<CatalogueModel> models = new ArrayList<>();
      Set<String> names = new LinkedHashSet<>();
      for (Object each : list(fields, "models")) {
        at = "models[" + models.size() + "].";
        CatalogueModel model = model(object(each));
        if (!names.add(model.name())) {
          throw wrong("name", "is there twice: " + model.name());
        }
        models.add(model);
      }
      at = "";
      if (models.isEmpty()) {
        throw wrong("models", "is empty");
      }
      return new Catalogue(
          Math.toIntExact(number(fields, "version", Integer.MAX_VALUE)), date(fields), models);
    } catch (JsonException e) {
      throw refusal("this is no catalogue: " + e.getMessage());
    }
  }

  private LocalDate date(Map<String, Object> fields) {
    try {
      return LocalDate.parse(text(fields, "date", "[0-9-]{10}"));
    } catch (DateTimeException e) {
      throw wrong("date", "is none");
    }
  }

  private CatalogueModel model(Map<String, Object> fields) {
    requireKnown(fields, MODEL_FIELDS);
    boolean saysFormats = fields.containsKey("formats");
    return new CatalogueModel(
        text(fields, "name", "[a-z0-9][a-z0-9._-]{0,79}"),
        text(fields, "title", "\\P{Cntrl}{1,120}"),
        text(fields, "source", "[\\w.-]{1,96}/[\\w.-]{1,96}"),
        text(fields, "architecture", "[a-z0-9_-]{1,64}"),
        number(fields, "parameters", MOST_PARAMETERS),
        optional(fields, "active_parameters"),
        optional(fields, "kept_elements"),
        Math.toIntExact(number(fields, "context", Integer.MAX_VALUE)),
        text(fields, "license", "\\P{Cntrl}{1,120}"),
        flag(fields, "gated"),
        list(fields, "uses").stream().map(this::use).toList(),
        saysFormats
            ? list(fields, "formats").stream().map(this::format).toList()
            : CatalogueModel.USUAL_FORMATS,
        fields.containsKey("shape")
            ? Optional.of(shape(object(fields.get("shape"))))
            : Optional.empty());
  }

  private CatalogueShape shape(Map<String, Object> fields) {
    at += "shape.";
    requireKnown(fields, SHAPE_FIELDS);
    int heads = size(fields, "heads");
    int kvHeads = size(fields, "kv_heads");
    if (heads % kvHeads != 0) {
      throw wrong("kv_heads", "does not divide heads");
    }
    return new CatalogueShape(
        size(fields, "layers"),
        size(fields, "width"),
        size(fields, "ffn"),
        heads,
        kvHeads,
        size(fields, "head_dim"),
        size(fields, "vocabulary"),
        flag(fields, "tied"),
        fields.containsKey("window") ? Optional.of(windows(fields)) : Optional.empty(),
        fields.containsKey("experts") ? Optional.of(experts(fields)) : Optional.empty(),
        text(fields, "source", "\\P{Cntrl}{1,300}"));
  }

  private CatalogueShape.Windows windows(Map<String, Object> fields) {
    return new CatalogueShape.Windows(size(fields, "window"), size(fields, "window_period"));
  }

  private CatalogueShape.Experts experts(Map<String, Object> fields) {
    int count = size(fields, "experts");
    return new CatalogueShape.Experts(
        count, Math.toIntExact(number(fields, "used_experts", count)));
  }

  private int size(Map<String, Object> fields, String name) {
    return Math.toIntExact(number(fields, name, MOST_OF_SHAPE));
  }

  private boolean flag(Map<String, Object> fields, String name) {
    return switch (fields.getOrDefault(name, false)) {
      case Boolean is -> is;
      case Object _ -> throw wrong(name, "is neither true nor false");
    };
  }

  private Use use(Object value) {
    return Arrays.stream(Use.values())
        .filter(use -> use.word().equals(value))
        .findFirst()
        .orElseThrow(() -> wrong("uses", "has one that is not known"));
  }

  private Quantization format(Object value) {
    return Optional.of(value)
        .filter(String.class::isInstance)
        .flatMap(name -> Quantization.parse((String) name))
        .filter(CatalogueModel::isKnown)
        .orElseThrow(() -> wrong("formats", "has one whose size is not known"));
  }

  private Map<String, Object> object(Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw refusal("this is no catalogue: '" + at + "' is no object");
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    map.forEach((name, field) -> fields.put((String) name, field));
    return fields;
  }

  private List<?> list(Map<String, Object> fields, String name) {
    if (fields.get(name) instanceof List<?> list && !list.isEmpty()) {
      return list;
    }
    throw wrong(name, "is no array with something in it");
  }

  private String text(Map<String, Object> fields, String name, String pattern) {
    if (fields.get(name) instanceof String text && text.matches(pattern)) {
      return text;
    }
    throw wrong(name, "is missing, or not as it must be");
  }

  private long number(Map<String, Object> fields, String name, long most) {
    if (fields.get(name) instanceof Long number && number > 0 && number <= most) {
      return number;
    }
    throw wrong(name, "is no number from 1 to " + most);
  }

  private OptionalLong optional(Map<String, Object> fields, String name) {
    return fields.containsKey(name)
        ? OptionalLong.of(number(fields, name, MOST_PARAMETERS))
        : OptionalLong.empty();
  }

  private void requireKnown(Map<String, Object> fields, Set<String> known) {
    for (String name : fields.keySet()) {
      if (!known.contains(name)) {
        throw wrong(Printable.name(name), "is not known to this version");
      }
    }
  }

  private SoleboxException wrong(String field, String what) {
    return refusal("this is no catalogue: '" + at + field + "' " + what);
  }

  private SoleboxException refusal(String message) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        place,
        message,
        "Ask whoever made the file for one of format "
            + FORMAT
            + "; the catalogue that is in use"
            + " stays.");
  }
}
