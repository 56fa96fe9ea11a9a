// Who wants to hear of what.

class Told {
  #handlers = [];

  on(event, handler, once = false) {
    this.#handlers.push({ event, handler, once });
    return this;
  }

  once(event, handler) {
    return this.on(event, handler, true);
  }

  /** handler: the one that is to hear no more; every one when it is left out. */
  off(event, handler) {
    const goes = (each) => each.event === event && (!handler || each.handler === handler);
    this.#handlers = this.#handlers.filter((each) => !goes(each));
    return this;
  }

  tell(event, what) {
    const heard = this.#handlers.filter((each) => each.event === event);
    this.#handlers = this.#handlers.filter((each) => !(each.once && each.event === event));
    for (const { handler } of heard) handler(what);
  }
}
