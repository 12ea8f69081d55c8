package io.solebox.engine.backend;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A graph cut into stages, each on a backend or device of its own: some layers on the CPU, several
 * GPUs. Each stage but the last leaves its hidden state where the next takes it: in host memory, or
 * wherever both say. A step goes through one stage after the other, and so that all compute, long
 * prompts go in parts that follow one another, and as many steps are under way as there are stages.
 */
public final class StagedPlan implements Plan {
  private static final int PROFILED_STEPS = 9;

  /** Columns of the largest tile of matrix products on a GPU: fewer would leave some of it idle. */
  private static final int PART_TOKENS = 128;

  private final List<Plan> stages;
  private final Members kept;
  private final boolean seesAhead;
  private final int width;
  private final int partTokens;
  private final Pipeline pipeline;

  /**
   * @param stages at least one, in the order of the layers; closed with this plan
   * @param graph that was cut
   * @param maxStepTokens T of the largest step
   */
  public StagedPlan(List<Plan> stages, Graph graph, int maxStepTokens) {
    this(stages, graph, maxStepTokens, PART_TOKENS);
  }

  /**
   * The same with parts of another size.
   *
   * @param partTokens least tokens of a part of a step; in steps of fewer than two such parts all
   *     tokens stay together
   */
  public StagedPlan(List<Plan> stages, Graph graph, int maxStepTokens, int partTokens) {
    this.stages = List.copyOf(stages);
    this.kept = new Members(stages);
    this.seesAhead = graph.seesAhead();
    this.width = graph.hiddenWidth();
    this.partTokens = partTokens;
    this.pipeline = new Pipeline(this.stages, maxStepTokens, width);
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
    pipeline.inEachStage(
        stage -> {
          if (stage.slots() > 0) {
            stage.copySlot(from, to);
          }
        });
  }

  /** Of all stages, one behind the other. */
  @Override
  public long bytes(KeptPlace place) {
    return kept.bytes(place);
  }

  @Override
  public void read(KeptPlace place, MemorySegment to) {
    pipeline.inEachStage(
        stage -> kept.part(stage, place, to).ifPresent(part -> stage.read(place, part)));
  }

  @Override
  public void write(KeptPlace place, MemorySegment from) {
    pipeline.inEachStage(
        stage -> kept.part(stage, place, from).ifPresent(part -> stage.write(place, part)));
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
    begin(batch, outputs).await();
  }

  @Override
  public int inFlight() {
    return stages.size();
  }

  @Override
  public int decodeSteps(int sequences) {
    return pipeline.times().steps(sequences);
  }

  @Override
  public Underway begin(Batch batch, Outputs outputs) {
    return pipeline.begin(MicroBatch.of(batch, partTokens, seesAhead), outputs);
  }

  /**
   * Of all stages, one after the other; what a whole step takes longer than they do is the way
   * between them.
   */
  @Override
  public Optional<StepProfile> profile(Batch batch, Outputs outputs) {
    double micros = micros(batch, outputs);
    var profiles = new ArrayList<StepProfile>();
    for (int i = 0; i < stages.size(); i++) {
      Batch given = pipeline.handOvers().given(batch, i, 0);
      Outputs left = pipeline.handOvers().left(outputs, i, 0);
      stages.get(i).profile(given, left).ifPresent(profiles::add);
    }
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
    pipeline.close();
    kept.close();
  }
}
