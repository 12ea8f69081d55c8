package io.solebox.store.pull.source;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Head;

/**
 * What the hub means when it refuses (huggingface_hub: utils/_http.py): its codes say it, and where
 * there is none the statuses mean several things, all of which are said.
 */
final class HubErrors {
  private final String repo;
  private final String page;
  private final boolean hasToken;

  /**
   * @param page of the repository, for people
   */
  HubErrors(String repo, String page, boolean hasToken) {
    this.repo = repo;
    this.page = page;
    this.hasToken = hasToken;
  }

  SoleboxException of(Head head) {
    int status = head.status();
    String message = head.first("x-error-message").orElse("");
    return switch (head.first("x-error-code").orElse("")) {
      case "RepoNotFound" -> notFound(head);
      case "RevisionNotFound" ->
          error(
              ErrorCode.MODEL_NOT_FOUND,
              head,
              repo + " has no such revision.",
              "Look at " + page + " for its branches, tags and commits.");
      case "EntryNotFound" ->
          error(
              ErrorCode.MODEL_NOT_FOUND,
              head,
              repo + " has no such file.",
              "Look at " + page + " for its files.");
      case "GatedRepo" -> gated(head);
      default -> {
        if (message.contains("Access to this resource is disabled")) {
          yield error(
              ErrorCode.ACCESS_DENIED,
              head,
              "The hub has disabled " + repo + ".",
              "Take another repository; " + page + " may say why.");
        }
        if (message.contains("Invalid credentials")) {
          yield error(
              ErrorCode.ACCESS_DENIED,
              head,
              "The hub does not know this token.",
              "Make a new one at https://huggingface.co/settings/tokens, or take it out of HF_TOKEN"
                  + " and the file of the token.");
        }
        yield status == 401 || status == 403 || status == 404
            ? notFound(head)
            : Replies.failed(head);
      }
    };
  }

  /** Of somebody it does not know, the hub hides whether it is there. */
  private SoleboxException notFound(Head head) {
    return hasToken
        ? error(
            head.status() == 404 ? ErrorCode.MODEL_NOT_FOUND : ErrorCode.ACCESS_DENIED,
            head,
            "There is no " + repo + ", or it is private and not for the owner of this token.",
            "Check the spelling at " + page + ".")
        : error(
            ErrorCode.MODEL_NOT_FOUND,
            head,
            "There is no " + repo + ", or it is private or gated and wants to know who asks.",
            "Check the spelling at " + page + "; if it is yours, put a token into HF_TOKEN.");
  }

  private SoleboxException gated(Head head) {
    return error(
        ErrorCode.ACCESS_DENIED,
        head,
        "The publisher of " + repo + " gives it only to people who asked.",
        hasToken
            ? "Ask for access at " + page + " as the owner of this token, and pull again."
            : "Ask for access at " + page + ", then put a token of yours into HF_TOKEN.");
  }

  private static SoleboxException error(ErrorCode code, Head head, String message, String remedy) {
    return new SoleboxException(code, Ask.shown(head.uri()), message, remedy);
  }
}
