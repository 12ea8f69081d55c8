package io.solebox.engine.backend;

import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A graph cut into stages that run one after the other, each on a backend or device of its own:
 * some layers on the CPU, several GPUs. Each stage but the last leaves its hidden state where the
 * next takes it: in host memory, or wherever both say.
 */
public final class StagedPlan implements Plan {
  private static final int PROFILED_STEPS = 9;

  private final List<Plan> stages;
  private final Members kept;
  private final int width;
  private final List<HiddenPlace> places; // behind each stage but the last

  /**
   * @param stages at least one, in the order of the layers; closed with this plan
   * @param maxStepTokens T of the largest step
   * @param width E
   */
  public StagedPlan(List<Plan> stages, int maxStepTokens, int width) {
    this.stages = List.copyOf(stages);
    this.kept = new Members(stages);
    this.width = width;
    this.places = places(this.stages, maxStepTokens, width);
  }

  private static List<HiddenPlace> places(List<Plan> stages, int tokens, int width) {
    var places = new ArrayList<HiddenPlace>();
    try {
      for (int i = 1; i < stages.size(); i++) {
        Optional<HiddenPlace> own = stages.get(i).placeFrom(stages.get(i - 1), tokens);
        places.add(own.orElseGet(() -> HiddenPlace.inHost(tokens, width)));
      }
      return List.copyOf(places);
    } catch (Throwable t) {
      places.forEach(HiddenPlace::close);
      throw t;
    }
  }

  @Override
  public List<Integer> kvBlocks() {
    return kept.kvBlocks();
  }

  @Override
  public int slots() {
    return kept.slots();
  }

  @Override
  public void copySlot(int from, int to) {
    kept.copySlot(from, to);
  }

  /** Of all stages, one behind the other. */
  @Override
  public long bytes(KeptPlace place) {
    return kept.bytes(place);
  }

  @Override
  public void read(KeptPlace place, MemorySegment to) {
    kept.read(place, to);
  }

  @Override
  public void write(KeptPlace place, MemorySegment from) {
    kept.write(place, from);
  }

  @Override
  public List<String> notes() {
    return kept.notes();
  }

  @Override
  public Optional<LoadReport> loadReport() {
    return kept.loadReport();
  }

  /** Of the first stage that is lost. */
  @Override
  public Optional<SoleboxException> loss() {
    return kept.loss();
  }

  @Override
  public List<InputSquares> inputSquares() {
    return stages.stream().flatMap(stage -> stage.inputSquares().stream()).toList();
  }

  @Override
  public void run(Batch batch, Outputs outputs) {
    eachStage(batch, outputs, (stage, input) -> stage.run(input, outputs));
  }

  /** Has each stage in turn work on what the one before has left. */
  private void eachStage(Batch batch, Outputs outputs, BiConsumer<Plan, Batch> work) {
    Batch input = batch;
    for (int i = 0; i < stages.size(); i++) {
      if (i < places.size()) {
        outputs.setStageHidden(places.get(i));
      }
      work.accept(stages.get(i), input);
      if (i < places.size()) {
        input = batch.withInput(new Batch.Input.Hidden(places.get(i)));
      }
    }
  }

  /**
   * Of all stages, one after the other; what a whole step takes longer than they do is the way
   * between them.
   */
  @Override
  public Optional<StepProfile> profile(Batch batch, Outputs outputs) {
    double micros = micros(batch, outputs);
    var profiles = new ArrayList<StepProfile>();
    eachStage(
        batch, outputs, (stage, input) -> stage.profile(input, outputs).ifPresent(profiles::add));
    if (profiles.size() < stages.size()) {
      return Optional.empty();
    }
    long bytes = (long) Float.BYTES * width;
    return Optional.of(StageProfiles.together(profiles, micros, bytes));
  }

  /** Of a whole step, the median. */
  private double micros(Batch batch, Outputs outputs) {
    double[] micros = new double[PROFILED_STEPS];
    for (int i = 0; i < micros.length; i++) {
      long begin = System.nanoTime();
      run(batch, outputs);
      micros[i] = (System.nanoTime() - begin) / 1e3;
    }
    Arrays.sort(micros);
    return micros[micros.length / 2];
  }

  @Override
  public void close() {
    places.forEach(HiddenPlace::close);
    kept.close();
  }
}
