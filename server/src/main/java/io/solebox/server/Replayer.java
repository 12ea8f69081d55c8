package io.solebox.server;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.DetachedWork;
import io.solebox.server.answers.Endpoint;
import io.solebox.server.answers.Terms;
import io.solebox.server.anthropic.AnthropicApi;
import io.solebox.server.box.BoxKey;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Faults;
import io.solebox.server.http.HttpLimits;
import io.solebox.server.http.Observers;
import io.solebox.server.http.Problem;
import io.solebox.server.http.RequestNotes;
import io.solebox.server.limits.Account;
import io.solebox.server.limits.Charges;
import io.solebox.server.models.Estimates;
import io.solebox.server.models.HardwareState;
import io.solebox.server.models.ModelNames;
import io.solebox.server.models.Models;
import io.solebox.server.ollama.OllamaApi;
import io.solebox.server.openai.OpenAiApi;
import io.solebox.server.receipts.FileDigests;
import io.solebox.server.receipts.Receipt;
import io.solebox.server.receipts.Receipts;
import io.solebox.server.responses.EarlierTurns;
import io.solebox.server.responses.ResponsesApi;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Answers a request that was answered before, through the very code that answered it, without a
 * connection: with the seeds that were drawn, and at the time that its prompt tells of.
 */
public final class Replayer {
  private static final JsonReader READER = new JsonReader(JsonLimits.LOCAL);

  /** Members that say how an answer is sent and kept, of which a replay does nothing. */
  private static final List<String> BESIDE = List.of("store", "metadata", "background");

  private static final String RESPONSES = "/v1/responses";

  /** Members that name what a response goes on from. */
  private static final List<String> GOES_ON = List.of("previous_response_id", "conversation");

  private static final String OTHER_PROMPT = "prompt_differs";

  private final ModelHost host;
  private final FileDigests files;

  /**
   * @param host of the one model, which answers to every name
   */
  public Replayer(ModelHost host, FileDigests files) {
    this.host = host;
    this.files = files;
  }

  /**
   * Something that was said before a request: the request or the response of then, or a list of
   * items.
   *
   * @param place for errors
   */
  public record Turn(String place, Map<String, Object> json) {}

  /**
   * Answers that were made again.
   *
   * @param receipt theirs, signed by a key that nobody keeps
   * @param answer the body
   */
  public record Replayed(Receipt receipt, Map<String, Object> answer) {}

  /**
   * Finds what can be found without a model.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} where the answers cannot be made again with
   *     what is there
   */
  public static void check(Receipt receipt, Map<String, Object> body, List<Turn> before) {
    receipt.again();
    requireEarlier(receipt.fields().text("path"), body, earlier(before));
  }

  /**
   * The same answers again.
   *
   * @param body of the request, as it was sent
   * @param before what a response goes on from, the oldest first; where that has gone on since,
   *     what came behind is left away until the prompt is the receipt's
   * @return empty where the request makes another prompt, and nothing was computed
   * @throws SoleboxException {@code INVALID_PARAMETER} where the request is refused, and whatever
   *     keeps an answer from being computed
   */
  public Optional<Replayed> again(Receipt receipt, Map<String, Object> body, List<Turn> before)
      throws InterruptedException {
    EarlierTurns earlier = earlier(before);
    String path = receipt.fields().text("path");
    Optional<Problem> refused = Optional.empty();
    int least = requireEarlier(path, body, earlier) ? 0 : earlier.size();
    for (int count = earlier.size(); count >= least; count--) {
      try {
        return Optional.of(answered(receipt, body, earlier.first(count)));
      } catch (Problem e) {
        if (e.status() >= 500) {
          throw refusal(path, e.getMessage());
        }
        refused = e.code().equals(OTHER_PROMPT) ? refused : refused.or(() -> Optional.of(e));
      }
    }
    if (refused.isPresent()) {
      throw refusal(refused.get().param().orElse(path), refused.get().getMessage());
    }
    return Optional.empty();
  }

  private static EarlierTurns earlier(List<Turn> before) {
    EarlierTurns earlier = EarlierTurns.NONE;
    for (Turn turn : before) {
      earlier = earlier.and(turn.json(), turn.place());
    }
    return earlier;
  }

  /** Whether the request goes on with something, which is there then. */
  private static boolean requireEarlier(
      String path, Map<String, Object> body, EarlierTurns earlier) {
    if (!path.equals(RESPONSES)) {
      if (!earlier.isEmpty()) {
        throw refusal(path, "Only responses go on from earlier turns; this request brings all.");
      }
      return false;
    }
    Optional<String> named =
        GOES_ON.stream().filter(name -> Objects.nonNull(body.get(name))).findFirst();
    if (named.isPresent() && earlier.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          named.get(),
          "The request goes on with what a server keeps.",
          "Give what was said before with --earlier FILE, the oldest first.");
    }
    return named.isPresent();
  }

  private Replayed answered(Receipt receipt, Map<String, Object> body, EarlierTurns earlier)
      throws InterruptedException {
    String path = receipt.fields().text("path");
    Endpoint endpoint = endpoints(clock(receipt), earlier).get(path);
    if (endpoint == null) {
      throw refusal(path, "Answers of this path cannot be made again.");
    }
    Map<String, Object> asked = new LinkedHashMap<>(body);
    BESIDE.forEach(asked::remove);
    var work =
        new DetachedWork(
            path,
            Terms.USUAL.withReceipt(receipt.again()),
            Caller.here(Account.unlimited()),
            new RequestNotes());
    Map<String, Object> answer = READER.readObject(endpoint.answer(asked, work));
    return new Replayed(Receipt.read(new JsonWriter().bytes(answer.get("receipt")), path), answer);
  }

  private static SoleboxException refusal(String place, String why) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER, place, why, "Give the request's body as it was sent.");
  }

  /** It stands still where the templates of the answers found it. */
  private static Clock clock(Receipt receipt) {
    return receipt.fields().objects("answers").stream()
        .map(answer -> answer.object("prompt"))
        .filter(prompt -> prompt.has("rendered"))
        .map(prompt -> OffsetDateTime.parse(prompt.text("rendered")))
        .findFirst()
        .map(then -> Clock.fixed(then.toInstant(), then.getOffset()))
        .orElseGet(Clock::systemDefaultZone);
  }

  private Map<String, Endpoint> endpoints(Clock clock, EarlierTurns earlier) {
    JsonWriter json = new JsonWriter();
    Observers observers = new Observers();
    BoxKey passing = BoxKey.generate();
    Models models =
        new Models(
            host,
            new ModelNames(Map.of(), true),
            Optional.empty(),
            Duration.ofDays(1),
            ServerConfig.DEFAULT_MAX_WAITING,
            observers.counters(),
            Charges.NONE,
            Optional.of(new Receipts(() -> passing, files, clock)),
            HardwareState.WELL);
    Faults faults = new Faults(System.err);
    int maxBody = HttpLimits.defaults().maxBodyBytes();
    Map<String, Endpoint> all = new HashMap<>();
    var estimates = new Estimates(models, OptionalDouble::empty); // nobody asks for a list
    all.putAll(
        new OpenAiApi(json, models, clock, maxBody, faults, Optional.empty(), estimates)
            .endpoints());
    all.put("/chat/completions", all.get("/v1/chat/completions"));
    all.putAll(new AnthropicApi(json, models, clock, maxBody, faults).endpoints());
    all.putAll(new OllamaApi(json, models, Optional.empty(), clock, maxBody, faults).endpoints());
    all.put(RESPONSES, ResponsesApi.told(json, models, clock, faults, earlier));
    return all;
  }
}
