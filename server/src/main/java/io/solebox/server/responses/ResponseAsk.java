package io.solebox.server.responses;

import io.solebox.server.answers.AnswerRequest;
import io.solebox.server.answers.DetachedWork;
import io.solebox.server.http.Exchange;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A checked request for a response.
 *
 * @param answer what is to be computed; what is dropped for it are items
 * @param input the request's own items, with ids
 * @param conversation that input and output are added to
 * @param searched what was looked up in documents for it
 * @param echo members of the answer that repeat what was asked for
 * @param thoughts how the answer shows them
 * @param logprobs whether the answer has them
 */
record ResponseAsk(
    AnswerRequest answer,
    List<Map<String, Object>> input,
    Optional<String> conversation,
    Optional<String> previous,
    ResponseTools tools,
    Optional<Searched> searched,
    Map<String, Object> echo,
    Thoughts thoughts,
    boolean logprobs,
    boolean store,
    boolean stream,
    boolean background) {
  /** The same as a client may have it. */
  ResponseAsk of(Exchange exchange) {
    return with(answer.of(exchange));
  }

  /** The same as work that nobody waits for. */
  ResponseAsk of(DetachedWork work) {
    return with(answer.of(work));
  }

  private ResponseAsk with(AnswerRequest value) {
    return new ResponseAsk(
        value,
        input,
        conversation,
        previous,
        tools,
        searched,
        echo,
        thoughts,
        logprobs,
        store,
        stream,
        background);
  }
}
