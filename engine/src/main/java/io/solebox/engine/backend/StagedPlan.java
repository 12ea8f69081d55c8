package io.solebox.engine.backend;

import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A graph cut into stages that run one after the other, each on a backend or device of its own:
 * some layers on the CPU, several GPUs. Each stage but the last leaves its hidden state in host
 * memory, and the next takes it from there.
 */
public final class StagedPlan implements Plan {
  private static final int PROFILED_STEPS = 9;

  private final List<Plan> stages;
  private final Members kept;
  private final int width;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment hidden;

  /**
   * @param stages at least one, in the order of the layers; closed with this plan
   * @param maxStepTokens T of the largest step
   * @param width E
   */
  public StagedPlan(List<Plan> stages, int maxStepTokens, int width) {
    this.stages = List.copyOf(stages);
    this.kept = new Members(stages);
    this.width = width;
    this.hidden = arena.allocate((long) Float.BYTES * maxStepTokens * width, 64);
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
    outputs.setStageHidden(hidden);
    Batch input = batch;
    for (Plan stage : stages) {
      stage.run(input, outputs);
      input = batch.withInput(new Batch.Input.Hidden(hidden));
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
    outputs.setStageHidden(hidden);
    Batch input = batch;
    for (Plan stage : stages) {
      Optional<StepProfile> own = stage.profile(input, outputs);
      if (own.isEmpty()) {
        return Optional.empty();
      }
      profiles.add(own.get());
      input = batch.withInput(new Batch.Input.Hidden(hidden));
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
    kept.close();
    arena.close();
  }
}
