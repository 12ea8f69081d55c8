package io.solebox.store.pull.transfer;

import io.solebox.store.pull.http.Head;
import io.solebox.store.pull.http.Outbound;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the answer to a request for some bytes of a file means. */
sealed interface Verdict {
  /** The body is the bytes that were asked for; if it ends early, the rest is asked for. */
  record Take() implements Verdict {}

  /** The source cannot give parts, and gives the same object: one stream from its beginning. */
  record TakeAll() implements Verdict {}

  /** The answer is none to this question; its body is not read. */
  record Discard(String fault) implements Verdict {}

  /** The address is no longer good: the source is asked for a fresh one. */
  record Expired(int status) implements Verdict {}

  /** Another object stands there: the source is asked whether that is meant. */
  record OtherObject(String why) implements Verdict {}

  /** There is nothing at this place of that object: what is here is looked at. */
  record Compare() implements Verdict {}

  /** It may pass. */
  record Wait(String why, Optional<Duration> asked) implements Verdict {}

  /** The same is to be had elsewhere. */
  record Follow(String location) implements Verdict {}

  /** What was there is there no more. */
  record Gone() implements Verdict {}

  /** The source does not give it. */
  record Refused(int status) implements Verdict {}

  /**
   * What was asked for.
   *
   * @param size of the whole file
   * @param etag strong, of this host, that was sent as {@code If-Range}
   * @param refusedBefore whether the answer before was a refusal too, of a fresh address
   */
  record Asked(ByteRange range, long size, Optional<String> etag, boolean refusedBefore) {}

  Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

  /** The table of answers; RFC 9110, sections 13.1.5, 14 and 15.3.7. */
  static Verdict of(Asked asked, Head answer) {
    int status = answer.status();
    if (Outbound.mayPass(status)) {
      return new Wait("it answers " + status, answer.askedWait());
    }
    return switch (status) {
      case 206 -> part(asked, answer);
      case 200 -> whole(asked, answer);
      case 416 -> new Compare();
      case 401, 403 -> asked.refusedBefore() ? new Refused(status) : new Expired(status);
      case 404, 410 -> new Gone();
      default ->
          answer.isRedirect()
              ? answer
                  .first("location")
                  .<Verdict>map(Follow::new)
                  .orElseGet(() -> new Discard("a redirect to nowhere"))
              : new Refused(status);
    };
  }

  private static Verdict part(Asked asked, Head answer) {
    Optional<String> coding = coding(answer);
    if (coding.isPresent()) {
      return new Discard("it is encoded as " + coding.get());
    }
    Matcher range = CONTENT_RANGE.matcher(answer.first("content-range").orElse(""));
    if (!range.matches()) {
      return new Discard("a part that does not say which it is");
    }
    long from = Long.parseLong(range.group(1));
    long to = Long.parseLong(range.group(2)) + 1;
    long size = Long.parseLong(range.group(3));
    if (from != asked.range().from() || to != asked.range().to() || size != asked.size()) {
      return new Discard(
          "bytes %d to %d of %d where %d to %d of %d were asked for"
              .formatted(from, to, size, asked.range().from(), asked.range().to(), asked.size()));
    }
    OptionalLong length = answer.contentLength();
    if (length.isPresent() && length.getAsLong() > asked.range().bytes()) {
      return new Discard("a body of " + length.getAsLong() + " bytes");
    }
    return isOther(asked, answer) ? new OtherObject("another object stands there") : new Take();
  }

  private static Verdict whole(Asked asked, Head answer) {
    Optional<String> coding = coding(answer);
    if (coding.isPresent()) {
      return new Discard("it is encoded as " + coding.get());
    }
    if (isOther(asked, answer)) {
      return new OtherObject("another object stands there");
    }
    OptionalLong length = answer.contentLength();
    return length.isPresent() && length.getAsLong() != asked.size()
        ? new OtherObject("it has another length there")
        : new TakeAll();
  }

  private static boolean isOther(Asked asked, Head answer) {
    return asked.etag().isPresent()
        && answer.strongTag().isPresent()
        && !answer.strongTag().equals(asked.etag());
  }

  private static Optional<String> coding(Head answer) {
    return answer.first("content-encoding").filter(coding -> !coding.equalsIgnoreCase("identity"));
  }
}
