package io.solebox.app.store;

import io.solebox.app.console.Environment;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.Expected;
import io.solebox.app.session.MemorySpeed;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadEstimate;
import io.solebox.engine.api.LoadableModel;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.model.ModelInfo;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.file.Contents;
import io.solebox.engine.tensor.TensorType;
import io.solebox.store.pull.Peek;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.source.Source;
import io.solebox.store.pull.source.Variant;
import io.solebox.store.quantize.Mix;
import io.solebox.store.quantize.QuantizeJob;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Looks at models before they are fetched, each once: as a load of them would. */
final class BeforePull {
  private static final String LICENCE = "general.license";

  private final Source source;
  private final Outbound outbound;
  private final EngineOptions options;
  private final long memoryBytes;
  private final Path scratch;
  private final MemorySpeed machine;
  private OptionalDouble memorySpeed = OptionalDouble.empty();
  private final Map<Variant, Optional<Facts>> known = new LinkedHashMap<>();

  BeforePull(
      Source source,
      Outbound outbound,
      EngineOptions options,
      long memoryBytes,
      Environment environment) {
    this.source = source;
    this.outbound = outbound;
    this.options = options;
    this.memoryBytes = memoryBytes;
    this.scratch = environment.scratchFolder();
    this.machine = new MemorySpeed(environment);
  }

  /** How the models of an offer would run here, by one of them. */
  Outlook outlook(Variant variant) throws InterruptedException {
    Optional<Facts> facts = facts(variant);
    return new Outlook(variant, facts, memorySpeed);
  }

  /** Empty where the source gives no parts of files. */
  Optional<Facts> facts(Variant variant) throws InterruptedException {
    Optional<Facts> before = known.get(variant);
    if (before != null) {
      return before;
    }
    Optional<Facts> facts = Optional.empty();
    Optional<Peek> peek = Peek.at(variant, source, outbound, scratch);
    if (peek.isPresent()) {
      try (Peek open = peek.get()) {
        facts = Optional.of(facts(open.file()));
      }
    }
    known.put(variant, facts);
    return facts;
  }

  /**
   * Bytes of the files that a model would be quantized to, to the last one; empty where the source
   * gives no parts of files.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} for a mix that it cannot become
   */
  Optional<Map<Mix, Long>> quantizedBytes(Variant variant, List<Mix> mixes)
      throws InterruptedException {
    Optional<Peek> peek = Peek.at(variant, source, outbound, scratch);
    if (peek.isEmpty()) {
      return Optional.empty();
    }
    Map<Mix, Long> sizes = new EnumMap<>(Mix.class);
    try (Peek open = peek.get();
        ModelSource model = QuantizeJob.open(open.file(), Optional.empty())) {
      requirePrecise(model, variant);
      List<Path> files = List.of(open.file());
      for (Mix mix : mixes) {
        var job = QuantizeJob.of(model, files, FitRun.options(mix), Optional.empty());
        sizes.put(mix, job.layout().fileBytes());
      }
    }
    return Optional.of(sizes);
  }

  /** Of files whose names say how they are stored, only precise ones come here. */
  private static void requirePrecise(ModelSource model, Variant variant) {
    for (TensorInfo tensor : model.tensors()) {
      TensorType type = tensor.type();
      if (Byte.SIZE * type.blockBytes() < Byte.SIZE * type.blockSize()) {
        throw new SoleboxException(
            ErrorCode.UNSUPPORTED_MODEL,
            variant.parts().getFirst().path(),
            "Its weights have fewer than 8 bits already, %s in %s, and would be rounded twice."
                .formatted(type, tensor.name()),
            "Pull it as it is, without --fit, or take a repository of the model before that.");
      }
    }
  }

  private Facts facts(Path file) {
    try (var model = ModelFile.open(file, ModelSource.Access.MAPPED, List.of())) {
      ModelInfo info = model.info();
      boolean template = model.chatTemplate().filter(t -> t.problem().isEmpty()).isPresent();
      try (Engine engine = options.open(memoryBytes);
          LoadableModel loadable = engine.examine(file, options.loadOptions(1))) {
        LoadEstimate estimate = loadable.estimate();
        var notes = new ArrayList<>(loadable.info().notes());
        notes.addAll(estimate.notes());
        if (memorySpeed.isEmpty() && estimate.fits() && model.graph().logits().isPresent()) {
          memorySpeed = machine.bytesPerSecond(engine);
        }
        return new Facts(
            info.architecture(),
            info.parameters(),
            info.trainedContext(),
            template,
            Optional.of(Expected.needs(estimate)),
            loadable.decoding(),
            licence(Contents.read(file)),
            notes);
      }
    } catch (SoleboxException e) {
      return unrunnable(file, e);
    }
  }

  private static Optional<String> licence(Contents contents) {
    return contents.metadata().has(LICENCE)
        ? Optional.of(contents.metadata().string(LICENCE)).filter(name -> !name.isBlank())
        : Optional.empty();
  }

  /** It may be wanted all the same: for another machine, for a later version. */
  private static Facts unrunnable(Path file, SoleboxException why) {
    Contents contents = Contents.read(file);
    long parameters =
        contents.tensors().stream()
            .mapToLong(t -> t.shape().stream().reduce(1L, (a, b) -> a * b))
            .sum();
    return new Facts(
        contents.metadata().has("general.architecture")
            ? contents.metadata().string("general.architecture")
            : "unknown",
        parameters,
        0,
        contents.metadata().has("tokenizer.chat_template"),
        Optional.empty(),
        Optional.empty(),
        licence(contents),
        List.of("This version cannot run it: " + why.explanation()));
  }
}
