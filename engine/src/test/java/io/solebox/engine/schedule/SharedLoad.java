package io.solebox.engine.schedule;

import io.solebox.engine.cache.SequencePools;
import io.solebox.engine.cache.StateSlots;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.Priority;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.generation.UserWeights;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.sample.Sampler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Many clients of one scheduler, on a clock of token steps: a step takes as long as its tokens, and
 * as some more that every step takes. Nothing is computed.
 */
final class SharedLoad {
  static final int STEP = 512;

  /** One request of a client. */
  final class Client {
    final String user;
    final int answer;
    final long begun = clock;
    final QueuedGeneration generation = new QueuedGeneration(() -> {});
    final Sequence sequence;
    int answered;
    long firstToken = -1;
    long ended = -1;

    private Client(String user, int[] prompt, int answer, Priority priority) {
      this.user = user;
      this.answer = answer;
      var request =
          GenerationRequest.of(prompt, SamplingParams.greedy(answer))
              .withUser(user)
              .withPriority(priority);
      var sampler = new Sampler(request.sampling(), Optional.empty(), prompt, 64, 0);
      Owner owner = owners.of(user);
      var work = new AnswerWork(request, owner, 0, sampler, Set.of(), 1 << 20, false, generation);
      sequence = new Sequence(prompt, work, pools.newSequence());
    }

    boolean hasEnded() {
      return ended >= 0;
    }

    /** Token steps that it took. */
    long took() {
      return ended - begun;
    }

    void cancel() {
      scheduler.remove(sequence);
      clients.remove(sequence);
    }

    /** The places in the queue that it heard of since it was asked last. */
    List<Integer> places() throws InterruptedException {
      generation.put(new Generation.Token(0, Optional.empty())); // ends what there is to read
      var places = new ArrayList<Integer>();
      for (var event = generation.next();
          !(event instanceof Generation.Token);
          event = generation.next()) {
        if (event instanceof Generation.Queued(int ahead)) {
          places.add(ahead);
        }
      }
      return places;
    }
  }

  private final int base;
  private final SequencePools pools;
  private final Owner.Names owners = new Owner.Names();
  private final Map<Sequence, Client> clients = new HashMap<>();
  final Scheduler scheduler;
  final Map<String, Integer> tokens = new HashMap<>(); // computed, of each user
  final Set<Integer> sizes = new HashSet<>(); // of steps
  private int requests;
  long clock;

  /**
   * @param base tokens that could be computed in the time that a step of none takes
   * @param sequences that may run at once
   * @param blocks of the pool
   */
  SharedLoad(int base, int sequences, int blocks, UserWeights weights) {
    var graph = PretendedPlan.graph(new Mask.Causal());
    this.base = base;
    this.pools =
        new SequencePools(graph, List.of(blocks), new StateSlots(0, 1024, (_, _) -> {}), STEP);
    this.scheduler = new Scheduler(new FairShares(weights, () -> base), sequences, STEP, STEP);
  }

  SharedLoad(int base, int sequences) {
    this(base, sequences, 10_000, UserWeights.EQUAL);
  }

  /** A prompt like nobody else's. */
  Client submit(String user, int prompt, int answer) {
    return submit(user, prompt, answer, Priority.INTERACTIVE);
  }

  Client submit(String user, int prompt, int answer, Priority priority) {
    int[] ids = new int[prompt];
    Arrays.fill(ids, ++requests);
    return submit(user, ids, answer, priority);
  }

  Client submit(String user, int[] prompt, int answer, Priority priority) {
    var client = new Client(user, prompt, answer, priority);
    clients.put(client.sequence, client);
    scheduler.add(client.sequence);
    return client;
  }

  /** The next step, and what it was made of. */
  List<Scheduler.Chunk> step() {
    boolean idle = scheduler.isIdle();
    List<Scheduler.Chunk> chunks = scheduler.schedule(STEP);
    if (chunks.isEmpty() && !idle) {
      throw new AssertionError("a step of nothing, though there is work");
    }
    int size = chunks.stream().mapToInt(Scheduler.Chunk::tokens).sum();
    sizes.add(size);
    clock += base + size;
    for (Scheduler.Chunk chunk : chunks) {
      Sequence sequence = chunk.sequence();
      Client client = clients.get(sequence);
      tokens.merge(client.user, chunk.tokens(), Integer::sum);
      sequence.advance(chunk.tokens());
      if (sequence.uncomputed() == 0) {
        answered(client);
      }
    }
    return chunks;
  }

  private void answered(Client client) {
    if (client.answered++ == 0) {
      client.firstToken = clock;
    }
    if (client.answered == client.answer) {
      client.ended = clock;
      client.cancel();
    } else {
      client.sequence.append(1_000_000 + client.answered);
    }
  }

  /** Steps until a client has its answer. */
  void await(Client client) {
    for (int steps = 0; !client.hasEnded(); steps++) {
      if (steps > 100_000) {
        throw new AssertionError("it never ends");
      }
      step();
    }
  }

  /** Blocks that sequences hold. */
  int blocks() {
    return pools.used();
  }

  /** What the caches know is gone. */
  void forget() {
    pools.forgetContents();
  }
}
