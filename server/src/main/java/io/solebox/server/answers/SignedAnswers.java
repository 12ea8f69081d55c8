package io.solebox.server.answers;

import io.solebox.engine.answer.AnswerEvent.End;
import io.solebox.engine.generation.Generation;
import io.solebox.server.http.Problem;
import io.solebox.server.receipts.Answered;
import io.solebox.server.receipts.Draft;
import io.solebox.server.receipts.ReceiptWish;
import io.solebox.server.receipts.Receipts;
import io.solebox.server.receipts.Salt;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** What is signed of the answers to one request. Owned by the thread that takes their events. */
final class SignedAnswers {
  private final List<AnswerRequest> requests;
  private final Draft draft;
  private final Map<Integer, RecordedGeneration> recorded = new HashMap<>();
  private final Map<Integer, End> ends = new HashMap<>();
  private Optional<Map<String, Object>> receipt = Optional.empty();

  private SignedAnswers(List<AnswerRequest> requests, Draft draft) {
    this.requests = requests;
    this.draft = draft;
  }

  /**
   * Finds out what they will be made with.
   *
   * @param requests of one model and one wish
   * @param receipts empty where this box has no key
   * @return empty where no receipt is wanted
   * @throws Problem where there can be none; then nothing is to be computed
   */
  static Optional<SignedAnswers> of(List<AnswerRequest> requests, Optional<Receipts> receipts) {
    return switch (requests.getFirst().terms().receipt()) {
      case ReceiptWish.Unsaid _, ReceiptWish.None _ -> Optional.empty();
      case ReceiptWish.Asked _, ReceiptWish.Usual _ ->
          throw new IllegalStateException("nobody says by which path");
      case ReceiptWish.New(String path, _) ->
          Optional.of(
              new SignedAnswers(
                  seeded(requests, List.of()),
                  begin(path, requests.getFirst(), Salt.random(), receipts)));
      case ReceiptWish.Again(String path, Salt salt, List<Long> seeds, List<String> prompts) -> {
        Draft draft = begin(path, requests.getFirst(), salt, receipts);
        requirePrompts(requests, draft, prompts);
        yield Optional.of(new SignedAnswers(seeded(requests, seeds), draft));
      }
    };
  }

  private static Draft begin(
      String path, AnswerRequest request, Salt salt, Optional<Receipts> receipts) {
    return receipts
        .orElseThrow(
            () ->
                Problem.of(
                        400,
                        "unsupported_parameter",
                        "This server keeps nothing (--no-store), so it has no key to sign with.")
                    .withParam("receipt"))
        .begin(path, request.modelName(), request.model(), salt);
  }

  private static void requirePrompts(
      List<AnswerRequest> requests, Draft draft, List<String> prompts) {
    List<String> made =
        requests.stream().map(request -> draft.digest(request.prompt().ids())).toList();
    if (!made.equals(prompts)) {
      throw Problem.of(409, "prompt_differs", "The prompt is not the one of the receipt.")
          .withParam(requests.getFirst().promptParam());
    }
  }

  /** What is drawn by is told: where nobody says a seed, it is said here. */
  private static List<AnswerRequest> seeded(List<AnswerRequest> requests, List<Long> seeds) {
    SecureRandom random = new SecureRandom();
    List<AnswerRequest> seeded = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      AnswerRequest request = requests.get(i);
      OptionalLong own = request.params().seed();
      long drawn = seeds.isEmpty() ? random.nextLong() : seeds.get(i);
      seeded.add(request.withParams(request.params().withSeed(own.orElse(drawn))));
    }
    return seeded;
  }

  /** The request of a choice, as it is to be computed. */
  AnswerRequest request(int choice) {
    return requests.get(choice);
  }

  /** Hears the tokens of a choice. */
  UnaryOperator<Generation> recorder(int choice) {
    return generation -> {
      RecordedGeneration heard = new RecordedGeneration(generation);
      recorded.put(choice, heard);
      return heard;
    };
  }

  void ended(int choice, End end) {
    ends.put(choice, end);
  }

  /** When all have ended. */
  Map<String, Object> receipt() {
    if (receipt.isEmpty()) {
      List<Answered> answers = new ArrayList<>();
      for (int i = 0; i < requests.size(); i++) {
        answers.add(answered(i));
      }
      receipt = Optional.of(draft.sign(answers));
    }
    return receipt.get();
  }

  private Answered answered(int choice) {
    AnswerRequest request = requests.get(choice);
    End end = ends.get(choice);
    // A prompt that is only shown has no answer.
    int[] ids =
        Optional.ofNullable(recorded.get(choice)).map(RecordedGeneration::ids).orElse(new int[0]);
    var wish =
        new Answered.Wish(
            request.prompt(),
            request.params(),
            request.stops(),
            request.structures(),
            request.constraint().isPresent(),
            request.fit().shift());
    return new Answered(wish, ids, end.reason().name().toLowerCase(Locale.ROOT), end.usage());
  }
}
