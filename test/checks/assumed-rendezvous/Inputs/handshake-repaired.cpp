// The program with one of its repairs; nothing is expected of it.
#include "../handshake.cpp"
