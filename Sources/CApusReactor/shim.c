#include "CApusReactor.h"
