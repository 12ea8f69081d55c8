package io.solebox.engine.backend;

import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A graph cut into stages that run one after the other, each on a backend or device of its own:
 * some layers on the CPU, several GPUs. Each stage but the last leaves its hidden state in host
 * memory, and the next takes it from there.
 */
public final class StagedPlan implements Plan {
  private static final int PROFILED_STEPS = 9;

  private final List<Plan> stages;
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
    this.width = width;
    this.hidden = arena.allocate((long) Float.BYTES * maxStepTokens * width, 64);
  }

  /** The smallest pools of all stages, so that a block id is good everywhere. */
  @Override
  public List<Integer> kvBlocks() {
    int groups = stages.getFirst().kvBlocks().size();
    return IntStream.range(0, groups)
        .mapToObj(g -> stages.stream().map(s -> s.kvBlocks().get(g)).min(Integer::compare).get())
        .toList();
  }

  /** As many as every stage has that has state to put there. */
  @Override
  public int slots() {
    return withState().mapToInt(Plan::slots).min().orElse(0);
  }

  @Override
  public void copySlot(int from, int to) {
    withState().forEach(stage -> stage.copySlot(from, to));
  }

  /** Of all stages, one behind the other. */
  @Override
  public long bytes(KeptPlace place) {
    return stages.stream().mapToLong(stage -> stage.bytes(place)).sum();
  }

  @Override
  public void read(KeptPlace place, MemorySegment to) {
    eachPart(place, to, stage -> part -> stage.read(place, part));
  }

  @Override
  public void write(KeptPlace place, MemorySegment from) {
    eachPart(place, from, stage -> part -> stage.write(place, part));
  }

  private void eachPart(
      KeptPlace place, MemorySegment all, Function<Plan, Consumer<MemorySegment>> copy) {
    long at = 0;
    for (Plan stage : stages) {
      long bytes = stage.bytes(place);
      if (bytes > 0) {
        copy.apply(stage).accept(all.asSlice(at, bytes));
      }
      at += bytes;
    }
  }

  private Stream<Plan> withState() {
    return stages.stream().filter(stage -> stage.slots() > 0);
  }

  @Override
  public List<String> notes() {
    return stages.stream().flatMap(stage -> stage.notes().stream()).distinct().toList();
  }

  /** Of those stages that have one, loaded one after the other; others use weights in place. */
  @Override
  public Optional<LoadReport> loadReport() {
    return stages.stream().flatMap(stage -> stage.loadReport().stream()).reduce(LoadReport::plus);
  }

  /** Of the first stage that is lost. */
  @Override
  public Optional<SoleboxException> loss() {
    return stages.stream().flatMap(stage -> stage.loss().stream()).findFirst();
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
    stages.forEach(Plan::close);
    arena.close();
  }
}
