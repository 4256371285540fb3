class Odd(BaseException):
    __str__ = None


raise Odd
